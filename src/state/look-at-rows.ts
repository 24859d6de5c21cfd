/** Reads what is behind the figures: the comparison of A and B by rows, right answers, previews. */
import { runA, runB } from './compare.ts';
import { isCancelled, toFailure } from './failure.ts';
import type { RowFilter } from './row-filter.ts';
import { NO_ROW_VIEWS, type Pairing, type RowLabels, type RowViews } from './row-views.ts';
import type { Run } from './run.ts';
import type { Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';

/** Previews beyond this are forgotten, the oldest first: images take memory. */
const KEPT_PREVIEWS = 1000;
const AT_ONCE = 50;

const change = (studio: Studio, modelId: string, fields: (views: RowViews) => Partial<RowViews>) =>
  updateSession(studio, modelId, ({ rowViews }) => ({
    rowViews: { ...rowViews, ...fields(rowViews) },
  }));

/** Keeps the comparison of A and B in step with what is chosen; gives the way to stop. */
export function watchPair(studio: Studio): () => void {
  let before: { a: Run | null; b: Run | null; dataset: Session['dataset'] } | null = null;
  const follow = () => {
    const { session } = studio.store.getState();
    if (!session) {
      before = null;
      return;
    }
    const { dataset } = session;
    const [a, b] = [runA(session), runB(session)];
    if (before?.dataset === dataset && isSame(before.a, a) && isSame(before.b, b)) return;
    const sameRows = before === null || before.dataset === dataset;
    before = { a, b, dataset };
    // Other rows by the same numbers.
    if (!sameRows) {
      updateSession(studio, session.model.id, () => ({
        ...{ rowViews: NO_ROW_VIEWS, operators: new Map() },
      }));
    }
    void comparePair(studio, session, a, b);
  };
  follow();
  return studio.store.subscribe(follow);
}

const answersOf = ({ answers, rowScores }: Run) => ({ answers, rowScores: rowScores ?? null });

/** Its rows gave the same: a file's hash that comes later changes nothing here. */
const isSame = (before: Run | null, now: Run | null): boolean =>
  before?.id === now?.id &&
  before?.answers === now?.answers &&
  before?.rowScores === now?.rowScores;

const hasAnswers = (run: Run | null): run is Run =>
  run !== null && (run.answers !== null || run.rowScores !== undefined);

async function comparePair(
  studio: Studio,
  { model, dataset, background: { signal } }: Session,
  a: Run | null,
  b: Run | null,
): Promise<void> {
  const pairing = (value: Pairing) => {
    const { session } = studio.store.getState();
    if (session?.model.id !== model.id || !isSame(runA(session), a)) return;
    if (!isSame(runB(session), b)) return;
    change(studio, model.id, () => ({ pairing: value }));
  };
  if (dataset.metric === null || !hasAnswers(a) || !hasAnswers(b)) {
    pairing({ status: 'none' });
    return;
  }
  pairing({ status: 'comparing' });
  try {
    const asked = [model.id, answersOf(a), answersOf(b)] as const;
    const score = await studio.desk.call('compareRows', [...asked], { signal });
    pairing({ status: 'ready', score });
  } catch (error) {
    if (!isCancelled(error)) pairing({ status: 'failed', failure: toFailure(error) });
  }
}

/** Reads the right answers of all rows, once. */
export async function loadLabels(studio: Studio): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.rowViews.labels.status !== 'none') return;
  const { model, dataset } = session;
  const labels = (value: RowLabels) => {
    if (studio.store.getState().session?.dataset !== dataset) return;
    change(studio, model.id, () => ({ labels: value }));
  };
  labels({ status: 'loading' });
  try {
    const values = await studio.desk.call('rowLabels', [model.id]);
    labels({ status: 'ready', labels: values });
  } catch (error) {
    labels({ status: 'failed', failure: toFailure(error) });
  }
}

const asked = new WeakMap<Session['dataset'], Set<number>>();

/** Reads what the rows look like, where that is not known yet. */
export async function loadPreviews(studio: Studio, indexes: readonly number[]): Promise<void> {
  const { session } = studio.store.getState();
  if (!session) return;
  const { model, dataset, rowViews } = session;
  const waiting = asked.get(dataset) ?? new Set();
  asked.set(dataset, waiting);
  const wanted = indexes
    .filter((index) => !rowViews.previews.has(index) && !waiting.has(index))
    .slice(0, AT_ONCE);
  if (wanted.length === 0) return;
  for (const index of wanted) waiting.add(index);
  const here = () => studio.store.getState().session?.dataset === dataset;
  try {
    const rows = await studio.desk.call('rows', [model.id, wanted]);
    if (!here()) return;
    change(studio, model.id, ({ previews }) => ({
      previews: new Map(
        [...previews, ...rows.map((row) => [row.index, row] as const)].slice(-KEPT_PREVIEWS),
      ),
      previewFailure: null,
    }));
  } catch (error) {
    if (here()) change(studio, model.id, () => ({ previewFailure: toFailure(error) }));
  } finally {
    for (const index of wanted) waiting.delete(index);
  }
}

/** Lists the rows that `filter` takes. */
export function filterRows(studio: Studio, filter: RowFilter): void {
  const { session } = studio.store.getState();
  if (session) change(studio, session.model.id, () => ({ filter }));
}
