/** Values of the selected weight: the original's, and those that the run in view has stored. */
import type { RunOnFile } from '../bridge/protocol.ts';
import type { WeightRow } from '../report/report.ts';
import {
  dimsLeft,
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
import type { Task } from './task.ts';
import { workInView } from './work-in-view.ts';

/** What values were asked of; another question makes them stale. */
interface Question {
  readonly modelId: string;
  readonly weight: string | null;
  readonly run: Run | undefined;
  /** In place of the run; null if none goes on. */
  readonly work: WorkOnWeight | null;
  readonly focus: Focus | null;
}

/** A run that is not over, as far as one weight is concerned. */
interface WorkOnWeight {
  readonly task: Task;
  /** null until the weight is finished. */
  readonly row: WeightRow | null;
}

const NOT_KEPT = 'The file of this run was not kept. Compress again to see it.';
const NOT_HELD = 'The engine holds this run no more.';

/** Reads the values whenever another weight, run or part is looked at, or the weight gets finished. */
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
  work: workOn(session),
  focus: session.focus,
});

/** The run that goes on is in view unless the person has chosen another. */
function workOn(session: Session): WorkOnWeight | null {
  const work = session.picked ? null : workInView(session);
  return work && { task: work.task, row: work.finished.get(session.selectedWeight ?? '') ?? null };
}

/** A benchmark gives a run other figures and leaves its files as they are. */
const sameQuestion = (a: Question, b: Question): boolean =>
  a.modelId === b.modelId &&
  a.weight === b.weight &&
  a.run?.id === b.run?.id &&
  a.run?.files === b.run?.files &&
  a.work?.task === b.work?.task &&
  a.work?.row === b.work?.row &&
  a.focus?.channel === b.focus?.channel &&
  a.focus?.block === b.focus?.block;

async function read(
  studio: Studio,
  { modelId, weight, run, work, focus }: Question,
  signal: AbortSignal,
): Promise<void> {
  if (weight === null) {
    updateSession(studio, modelId, () => ({ values: { status: 'none' } }));
    return;
  }
  updateSession(studio, modelId, ({ values }) => ({
    values: { status: 'loading', weight, shown: shownOf(values, weight) },
  }));
  try {
    const stored = await (work ? runInWork(studio, work) : run && runOnFile(run, weight));
    if (signal.aborted) return;
    const args = [modelId, weight, typeof stored === 'object' ? stored : null, focus] as const;
    const found = await studio.desk.call('values', [...args], { signal });
    const values = typeof stored === 'string' ? { ...found, missing: stored } : found;
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

/** Undefined while the weight is not finished, and where it failed; a string says why it is not known. */
async function runInWork(
  { engine }: Studio,
  { task, row }: WorkOnWeight,
): Promise<RunOnFile | string | undefined> {
  const { runId, recipe } = task;
  if (!recipe || !row || row.technique === null || row.failed) return undefined;
  // Without the signal: an engine that is slow to answer is at work, not stuck.
  const finished = await engine.call('finishedWeight', [runId, row.name]);
  return finished ? { ...{ runId, recipe, files: [], sqnrDb: row.sqnrDb }, ...finished } : NOT_HELD;
}

/** Undefined for the baseline, and where the run did nothing to the weight. */
function runOnFile(run: Run, weight: string): RunOnFile | string | undefined {
  const { recipe, files, weights } = run;
  const row = weights.find(({ name }) => name === weight);
  if (!recipe || !files || !row || row.technique === null || row.failed) return undefined;
  if (files.length === 0) return NOT_KEPT;
  return {
    ...{ runId: run.id, files, payloads: null, recipe, sqnrDb: row.sqnrDb },
    failed: weights.filter(({ failed }) => failed).map(({ name }) => name),
    ranks: ranksFound(weights),
    cutDims: dimsLeft(weights),
    dropped: weightsDropped(weights),
  };
}

/** Looks at one channel or block of the selected weight; null at all of it. */
export function focusValues(studio: Studio, focus: Focus | null): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ focus }));
}
