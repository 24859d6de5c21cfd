/** What the person looks at: the selected weight, and the filter of the weights table. */
import { isCancelled, toFailure } from './failure.ts';
import { type Studio, updateSession } from './store.ts';

/** Selects a weight everywhere and reads its values; null selects none. */
export async function selectWeight(studio: Studio, name: string | null): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const modelId = session.model.id;
  updateSession(studio, modelId, () => ({
    selectedWeight: name,
    values: name === null ? { status: 'none' } : { status: 'loading', weight: name },
  }));
  if (name === null) return;
  const stillWanted = () => studio.store.getState().session?.selectedWeight === name;
  try {
    const histogram = await studio.desk.call('histogram', [modelId, name]);
    if (!stillWanted()) return;
    updateSession(studio, modelId, () => ({
      values: { status: 'ready', weight: name, histogram },
    }));
  } catch (error) {
    if (isCancelled(error) || !stillWanted()) return;
    updateSession(studio, modelId, () => ({
      values: { status: 'failed', weight: name, failure: toFailure(error) },
    }));
  }
}

export function filterWeights(studio: Studio, weightFilter: string): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ weightFilter }));
}

/** Shows the tab with this id beside the chart. */
export function showDetail(studio: Studio, detail: string): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ detail }));
}
