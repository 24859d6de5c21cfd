import type { Measured } from '../bridge/measure-calls.ts';
import { TARGETS } from '../catalog/targets.ts';
import { assert } from '../core/assert.ts';
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { type MeasurePart, measureParts, measureSlots } from './measure-parts.ts';
import {
  BASELINE_ID,
  checkedLast,
  cutShort,
  isWhollyMeasured,
  joined,
  measuredRun,
  type Run,
  retimedRun,
} from './run.ts';
import { type JobControl, runJob } from './run-job.ts';
import { begun, oneSlot, type StageSlot } from './stage-list.ts';
import type { Device, Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';
import type { Task } from './task.ts';
import { verdictSentence } from './verdict-sentence.ts';

const WARM_UP = 5;
const REPETITIONS = 50;
/** A bigger original waits for the first benchmark: measuring it may take over 30 s. */
export const SMALL_MODEL_BYTES = 20_000_000;

interface BenchmarkOptions {
  readonly runId?: string;
  readonly byItself?: boolean;
  /** Times a software adapter, too. */
  readonly timeSoftware?: boolean;
  /** Leaves accuracy and fidelity as they were found. */
  readonly timeOnly?: boolean;
}

/** Measures the selected run again (or the baseline), on every backend. */
export async function benchmark(
  studio: Studio,
  { runId, byItself = false, timeSoftware = false, timeOnly = false }: BenchmarkOptions = {},
): Promise<void> {
  const { session } = studio.store.getState();
  const run = session?.runs.find(({ id }) => id === (runId ?? session.selectedRunId));
  if (!session || !run) return;
  const task: Task = {
    kind: byItself ? 'baseline' : 'benchmark',
    runId: run.id,
    name: run.name,
    recipe: null,
    plannedBytes: null,
    startedAt: studio.effects.now(),
  };
  await runJob(studio, session.model.id, task, async (control) => {
    control.expect([
      ...loadSlots(studio),
      ...benchmarkOf(studio, { recipe: run.recipe, timeSoftware, timeOnly }).outline,
    ]);
    await holdModel(studio, session, control);
    return measureWithBaseline(studio, session.model.id, run.id, {
      ...control,
      timeSoftware,
      timeOnly,
    });
  });
}

/** Loading, where the engine does not hold the model yet. */
export const loadSlots = ({ store }: Studio): readonly StageSlot[] =>
  store.getState().session?.engineHasModel ? [] : [oneSlot('load')];

/** By the session's own controller: two that want the model at once open it once. */
const holding = new WeakMap<AbortController, Promise<void>>();

/** The engine opens the model when it is first needed, and again after it was replaced. */
export async function holdModel(
  studio: Studio,
  opened: Session,
  { signal, progress }: Pick<JobControl, 'signal'> & Partial<Pick<JobControl, 'progress'>>,
): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.engineHasModel) return;
  progress?.(begun('load'));
  const { model, files, mapping, background } = opened;
  const known = holding.get(background);
  if (known) {
    await known;
    signal.throwIfAborted();
    return;
  }
  const call = studio.engine.call('open', [model.id, files, mapping], { signal });
  const held = call.then(() => updateSession(studio, model.id, () => ({ engineHasModel: true })));
  holding.set(background, held);
  try {
    await held;
  } finally {
    holding.delete(background);
  }
}

type MeasureControl = JobControl & Pick<BenchmarkOptions, 'timeSoftware' | 'timeOnly'>;

interface Benchmarked extends Pick<BenchmarkOptions, 'timeSoftware' | 'timeOnly'> {
  /** Of the run; null for the original. */
  readonly recipe: Recipe | null;
}

/** The parts of a run's benchmark, and the stages that they come to. */
export function benchmarkOf(
  studio: Studio,
  { recipe, timeSoftware = false, timeOnly = false }: Benchmarked,
): { readonly parts: readonly MeasurePart[]; readonly outline: readonly StageSlot[] } {
  const { device, session } = studio.store.getState();
  assert(session, 'a benchmark has a model');
  const { runs, dataset, engineHasModel } = session;
  const original = runs.find(({ id }) => id === BASELINE_ID);
  const scoreOn = scoringBackend(device, recipe ?? session.recipe);
  const needsOriginal = !original || !isWhollyMeasured(original);
  const asked = recipe ? 'run' : 'original';
  const parts = measureParts(device, { recipe, scoreOn, needsOriginal }).map((part) =>
    timeOnly && part.subject === asked ? { ...part, scoreOn: null } : part,
  );
  const isAtHand = engineHasModel && original?.accuracy?.backend === scoreOn;
  const scoresAgain = recipe !== null && !needsOriginal && !isAtHand;
  const rows = dataset.evaluationRows;
  return { parts, outline: measureSlots(parts, { device, rows, timeSoftware, scoresAgain }) };
}

/** Measures the run, and the baseline unless all of that is measured. */
export async function measureWithBaseline(
  studio: Studio,
  modelId: string,
  runId: string,
  control: MeasureControl,
): Promise<string> {
  const { recipe } = findRun(studio, modelId, runId);
  const { parts } = benchmarkOf(studio, { recipe, timeOnly: control.timeOnly ?? false });
  let original: Measured | null = null;
  for (const [index, part] of parts.entries()) {
    const isOriginal = part.subject === 'original';
    control.enter(isOriginal ? 'measure-baseline' : 'measure');
    const run = findRun(studio, modelId, isOriginal ? BASELINE_ID : runId);
    const isWhole = !parts.slice(index + 1).some(({ subject }) => subject === part.subject);
    const before = isOriginal ? original : null;
    const measured = await measure(
      studio,
      modelId,
      run,
      { part, before, isWhole },
      {
        ...control,
        timeOnly: control.timeOnly === true && run.id === runId,
      },
    );
    if (isOriginal) original = measured;
  }
  return verdictSentence(findRun(studio, modelId, runId), findRun(studio, modelId, BASELINE_ID));
}

interface Measuring {
  readonly part: MeasurePart;
  /** What an earlier part of the same benchmark found. */
  readonly before: Measured | null;
  /** No other part of it comes after. */
  readonly isWhole: boolean;
}

async function measure(
  studio: Studio,
  modelId: string,
  run: Run,
  { part: { backends, scoreOn }, before, isWhole }: Measuring,
  control: MeasureControl,
): Promise<Measured> {
  let finished: Measured | null = null;
  const call = studio.engine.call(
    'measure',
    [
      {
        modelId,
        files: run.files,
        weights: run.weights,
        backends,
        score: scoreOn !== null,
        scoreOn: scoreOn ?? 'wasm',
        warmUp: WARM_UP,
        repetitions: REPETITIONS,
        timeSoftware: control.timeSoftware ?? false,
      },
    ],
    {
      signal: control.signal,
      stop: control.stop,
      onProgress: ({ finished: more, ...progress }) => {
        finished = more ?? finished;
        control.progress(progress, { accuracy: progress.accuracy });
      },
    },
  );
  const all = (measured: Measured) => (before ? joined(before, measured) : measured);
  const keep = (measured: Measured) =>
    updateSession(studio, modelId, ({ runs }) => ({
      runs: runs.map((it) =>
        it.id === run.id ? (control.timeOnly ? retimedRun : measuredRun)(it, measured) : it,
      ),
    }));
  try {
    const measured = all(await call);
    keep(isWhole ? measured : checkedLast(measured));
    return measured;
  } catch (error) {
    const some = finished ? all(finished) : before;
    if (control.signal.aborted && some && !control.timeOnly && !isWhollyMeasured(run))
      keep(cutShort(some));
    throw error;
  }
}

/** The target's backend, unless that is missing or a software adapter: then WASM. */
export function scoringBackend(device: Device, recipe: Session['recipe'] | null): Backend {
  const wanted = recipe ? TARGETS[recipe.target].backend : 'wasm';
  const gpu = device.status === 'known' ? device.summary.webgpu : null;
  return wanted === 'webgpu' && gpu && !gpu.software ? 'webgpu' : 'wasm';
}

function findRun({ store }: Studio, modelId: string, runId: string): Run {
  const { session } = store.getState();
  if (session?.model.id !== modelId) {
    throw new StudioError('busy', 'Another model was opened meanwhile; nothing was measured.');
  }
  const run = session.runs.find(({ id }) => id === runId);
  assert(run, `run ${runId} is in the session`);
  return run;
}
