import type { Measured } from '../bridge/measure-calls.ts';
import { TARGETS } from '../catalog/targets.ts';
import { assert } from '../core/assert.ts';
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import {
  BASELINE_ID,
  cutShort,
  isWhollyMeasured,
  measuredRun,
  type Run,
  retimedRun,
} from './run.ts';
import { type JobControl, runJob } from './run-job.ts';
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
    await holdModel(studio, session, control);
    return measureWithBaseline(studio, session.model.id, run.id, {
      ...control,
      timeSoftware,
      timeOnly,
    });
  });
}

/** By the session's own controller: two that want the model at once open it once. */
const holding = new WeakMap<AbortController, Promise<void>>();

/** The engine opens the model when it is first needed, and again after it was replaced. */
export async function holdModel(
  studio: Studio,
  opened: Session,
  { signal }: Pick<JobControl, 'signal'>,
): Promise<void> {
  const { session } = studio.store.getState();
  if (session?.engineHasModel) return;
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

/** Measures the run, after the baseline unless all of that is measured. */
export async function measureWithBaseline(
  studio: Studio,
  modelId: string,
  runId: string,
  control: MeasureControl,
): Promise<string> {
  const baseline = findRun(studio, modelId, BASELINE_ID);
  if (runId === BASELINE_ID || !isWhollyMeasured(baseline)) {
    control.enter('measure-baseline');
    const wanted = runId === BASELINE_ID ? control : { ...control, timeOnly: false };
    await measure(studio, modelId, baseline, wanted);
  }
  if (runId !== BASELINE_ID) {
    control.enter('measure');
    await measure(studio, modelId, findRun(studio, modelId, runId), control);
  }
  return verdictSentence(findRun(studio, modelId, runId), findRun(studio, modelId, BASELINE_ID));
}

async function measure(
  studio: Studio,
  modelId: string,
  run: Run,
  control: MeasureControl,
): Promise<void> {
  const { device, session } = studio.store.getState();
  const backends = measurableBackends(device);
  let finished: Measured | null = null;
  const call = studio.engine.call(
    'measure',
    [
      {
        modelId,
        files: run.files,
        weights: run.weights,
        backends,
        score: !control.timeOnly,
        scoreOn: scoringBackend(device, run.recipe ?? session?.recipe ?? null),
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
  const keep = (measured: Measured) =>
    updateSession(studio, modelId, ({ runs }) => ({
      runs: runs.map((it) =>
        it.id === run.id ? (control.timeOnly ? retimedRun : measuredRun)(it, measured) : it,
      ),
    }));
  try {
    keep(await call);
  } catch (error) {
    const usable = finished && !control.timeOnly && !isWhollyMeasured(run);
    if (control.signal.aborted && finished && usable) keep(cutShort(finished));
    throw error;
  }
}

export const measurableBackends = (device: Device): readonly Backend[] =>
  device.status === 'known' && device.summary.webgpu ? ['wasm', 'webgpu'] : ['wasm'];

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
