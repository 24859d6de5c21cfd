/** Values of the selected weight: the original's, and those in the selected run's own file. */
import type { RunOnFile } from '../bridge/protocol.ts';
import {
  type Focus,
  ranksFound,
  type WeightValues,
  weightsDropped,
} from '../report/weight-values.ts';
import { isCancelled, toFailure } from './failure.ts';
import { selectedRun } from './hand-out.ts';
import type { Run } from './run.ts';
import type { Session, State } from './state.ts';
import { type Studio, updateSession } from './store.ts';

/** What values were asked of; another question makes them stale. */
interface Question {
  readonly modelId: string;
  readonly weight: string | null;
  readonly run: Run | undefined;
  readonly focus: Focus | null;
}

const NOT_KEPT = 'The file of this run was not kept. Compress again to see it.';

/** Reads the values whenever another weight, run or part of the weight is looked at. */
export function watchValues(studio: Studio): () => void {
  let asked: Question | null = null;
  let reading = new AbortController();
  const follow = ({ session }: State) => {
    if (!session) return;
    const question = questionOf(session);
    if (asked && sameQuestion(asked, question)) return;
    asked = question;
    reading.abort();
    reading = new AbortController();
    void read(studio, question, reading.signal);
  };
  follow(studio.store.getState());
  return studio.store.subscribe(follow);
}

const questionOf = (session: Session): Question => ({
  modelId: session.model.id,
  weight: session.selectedWeight,
  run: selectedRun(session),
  focus: session.focus,
});

/** A benchmark gives a run other figures and leaves its files as they are. */
const sameQuestion = (a: Question, b: Question): boolean =>
  a.modelId === b.modelId &&
  a.weight === b.weight &&
  a.run?.id === b.run?.id &&
  a.run?.files === b.run?.files &&
  a.focus?.channel === b.focus?.channel &&
  a.focus?.block === b.focus?.block;

async function read(
  studio: Studio,
  { modelId, weight, run, focus }: Question,
  signal: AbortSignal,
): Promise<void> {
  if (weight === null) {
    updateSession(studio, modelId, () => ({ values: { status: 'none' } }));
    return;
  }
  updateSession(studio, modelId, ({ values }) => ({
    values: { status: 'loading', weight, shown: shownOf(values, weight) },
  }));
  const onFile = run && runOnFile(run, weight);
  try {
    const args = [modelId, weight, onFile === 'not-kept' ? null : (onFile ?? null), focus] as const;
    const found = await studio.desk.call('values', [...args], { signal });
    const values = onFile === 'not-kept' ? { ...found, missing: NOT_KEPT } : found;
    if (signal.aborted) return;
    updateSession(studio, modelId, () => ({ values: { status: 'ready', weight, values } }));
  } catch (error) {
    if (isCancelled(error) || signal.aborted) return;
    const failure = toFailure(error);
    updateSession(studio, modelId, () => ({ values: { status: 'failed', weight, failure } }));
  }
}

/** What is on the screen stays while another part of the same weight is read. */
function shownOf(values: Session['values'], weight: string): WeightValues | null {
  if (values.status === 'ready' && values.weight === weight) return values.values;
  return values.status === 'loading' && values.weight === weight ? values.shown : null;
}

/** Undefined for the baseline, and where the run did nothing to the weight. */
function runOnFile(run: Run, weight: string): RunOnFile | 'not-kept' | undefined {
  const { recipe, files, weights } = run;
  const row = weights.find(({ name }) => name === weight);
  if (!recipe || !files || !row || row.technique === null || row.failed) return undefined;
  if (files.length === 0) return 'not-kept';
  return {
    ...{ runId: run.id, files, recipe, sqnrDb: row.sqnrDb },
    failed: weights.filter(({ failed }) => failed).map(({ name }) => name),
    ranks: ranksFound(weights),
    dropped: weightsDropped(weights),
  };
}

/** Looks at one channel or block of the selected weight; null at all of it. */
export function focusValues(studio: Studio, focus: Focus | null): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ focus }));
}
