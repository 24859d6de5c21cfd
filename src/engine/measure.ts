/** The measuring job: one file (or the original) on every backend, and its accuracy on one. */
import { FidelityMeter } from '../bench/fidelity.ts';
import { BUILD_NAMES, configureRuntime, RUNTIME_VERSION } from '../bench/ort.ts';
import type { Outputs } from '../bench/outputs.ts';
import { scoreRows } from '../bench/score.ts';
import { rowScoresOf, type ScoreRecord } from '../bench/score-records.ts';
import { createSession, type Session } from '../bench/session.ts';
import type { Measured, MeasureProgress, MeasureRequest } from '../bridge/measure-calls.ts';
import type { StageProgress } from '../bridge/stage-progress.ts';
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { Readout } from '../dataset/readout.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import type { Accuracy, BackendMeasurement, Fidelity, Phase } from '../report/report.ts';
import { type Device, label, measureBackend } from './measure-backend.ts';
import type { OpenModel } from './models.ts';
import { type Original, originalOf } from './original.ts';
import { roundsActivations } from './rounds-activations.ts';
import { datasetOfRun, tokenLogitsOf } from './run-dataset.ts';
import { type SessionFiles, sessionFilesOf, tooBigTogether } from './session-files.ts';
import { Stages } from './stages.ts';

/** The graph's outputs can have other shapes than it states. */
const UNSCORED =
  'The outputs do not fit the labels or the text (one answer a row, logits for every token), so nothing was scored.';

const UNCOMPARED =
  'No output of a row has numbers in one shape for both, so fidelity was not measured.';

/** Before the first session of this worker. */
export const useThreads = (threads: number): void => configureRuntime({ threads });

/** Ends the original's sessions; those of runs end with their measurement. */
export const releaseOriginal = (open: OpenModel): Promise<void> => originalOf(open).release();

export interface MeasureContext {
  readonly signal: AbortSignal;
  readonly stop: AbortSignal;
  readonly progress: (progress: MeasureProgress) => void;
  readonly device: (backend: Backend) => Device;
  readonly isVisible: () => boolean;
}

export async function measure(
  open: OpenModel,
  request: MeasureRequest,
  context: MeasureContext,
): Promise<Measured> {
  const original = originalOf(open);
  const { backends, scoreOn, weights } = request;
  const measurements: BackendMeasurement[] = [];
  const phases: Phase[] = [];
  const warnings: string[] = [];
  let accuracy: Accuracy | null = null;
  let fidelity: Fidelity | null = null;
  let answers: readonly number[] | null = null;
  let record: ScoreRecord | null = null;
  let stopped = false;
  let other: { backend: Backend; outputs: readonly Outputs[] } | null = null;
  let saidFinished = 0;
  let latest: StageProgress | null = null;
  // What a cancel leaves of the rows is told before the job ends.
  const endScoring = AbortSignal.any([context.stop, context.signal]);
  const stages = new Stages(context.signal, context.stop, (progress) => {
    latest = progress;
    const finishedNow = measurements.length + ((record ?? fidelity) ? 1 : 0);
    const more = finishedNow > saidFinished;
    saidFinished = finishedNow;
    const soFar = more ? { finished: result() } : {};
    context.progress({ ...progress, accuracy, measurements, ...soFar });
  });
  const runModel = request.files ? await openOnnx(request.files, context.signal) : null;
  const runFiles = runModel && sessionFilesOf(runModel);
  const rounds = runModel?.graph.nodes.some(roundsActivations) ?? false;
  const tooBig = tooBigWith(original.sessionFiles, runFiles);
  const obstacle = tooBig ?? (await rowsObstacle(original, context.signal));
  const { dataset } = original;
  const onSoftware = backends.some((backend) => context.device(backend).software);
  const own = await datasetOfRun(dataset, request.files, runModel);
  const truthRows = ({ briefRows, evaluation }: Dataset) => (onSoftware ? briefRows : evaluation);

  for (const backend of backends) {
    const start = performance.now();
    const device = context.device(backend);
    if (obstacle !== null) {
      measurements.push(skippedMeasurement(backend, device, obstacle));
      continue;
    }
    let run: Session | null = null;
    try {
      const opening = stages.begin('session', 1, { backend });
      run = runFiles ? await createSession(runFiles.graph, backend, runFiles) : null;
      await original.session(backend);
      opening.advance(1, '');
      context.signal.throwIfAborted();
      const measured = await measureBackend({
        ...{
          backend,
          device,
          original,
          run,
          weights,
          other,
          rounds,
          stages,
          rows: truthRows(dataset),
        },
        ...{ runFiles, runRows: truthRows(own), own },
        truthBudgetMs: request.truthBudgetMs,
        warmUp: request.warmUp,
        repetitions: request.repetitions,
        timeSoftware: request.timeSoftware ?? false,
        isVisible: context.isVisible,
      });
      measurements.push(measured.measurement);
      warnings.push(...measured.warnings);
      other = { backend, outputs: measured.truthOutputs };
      if (request.score && backend === scoreOn && !context.stop.aborted) {
        const scored = await score(run);
        ({ accuracy, fidelity, answers, record, stopped } = scored);
        throwIfCancelled();
        if (dataset.task && !accuracy && !context.stop.aborted) warnings.push(UNSCORED);
      }
    } catch (error) {
      if (!isBackendFailure(error)) throw error;
      measurements.push(failedMeasurement(backend, device, error.message));
    } finally {
      await run?.release();
    }
    phases.push({ name: `measure on ${label(backend)}`, durationMs: performance.now() - start });
  }

  return result();

  function throwIfCancelled(): void {
    if (!context.signal.aborted) return;
    if (latest && (record || fidelity)) {
      context.progress({ ...latest, accuracy, measurements, finished: result() });
    }
    context.signal.throwIfAborted();
  }

  /** What is finished; of rows that are being scored nothing is. */
  function result(): Measured {
    const scored = record && accuracy;
    return {
      ...{ measurements: [...measurements], accuracy: scored, fidelity, answers },
      ...{ phases: [...phases], warnings: [...warnings] },
      rowScores: record && rowScoresOf(record),
      stopped: stopped || context.stop.aborted,
      dataset: {
        name: dataset.summary.name,
        kind: dataset.summary.kind,
        rows: obstacle === null ? (scored?.rows ?? fidelity?.rows ?? dataset.evaluation.count) : 0,
        given: dataset.evaluation.count,
        batch: 1,
        preprocessing: own.preprocessing,
        output: outputOf(dataset.readout),
        otherOutputs: dataset.readout.others,
      },
      versions: {
        'onnxruntime-web': runtimeWords(backends),
        whittle: __APP_VERSION__,
        browser: browserOf(),
      },
    };
  }

  /** Answers to all rows, beside the original's own. */
  async function score(run: Session | null) {
    const total = dataset.evaluation.count;
    const of = { backend: scoreOn, ...(run && ({ ofOriginal: true } as const)) };
    const forBaseline = original.isScored(scoreOn) ? null : stages.begin('accuracy', total, of);
    const baseline = await original.scores(scoreOn, {
      stop: endScoring,
      onRow: (index, soFar) => {
        if (!run) accuracy = soFar;
        forBaseline?.advance(index + 1, `row ${index + 1}`);
      },
    });
    if (!run) return { ...baseline, fidelity: null };
    context.signal.throwIfAborted();
    const stage = stages.begin('accuracy', total, { backend: scoreOn });
    const meter = new FidelityMeter(dataset.readout, tokenLogitsOf(dataset, own));
    const scores = await scoreRows({
      session: run,
      rows: own.evaluation,
      readout: dataset.readout,
      task: dataset.task,
      baseline: baseline.record,
      stop: endScoring,
      onRow: (row) => {
        const wanted = baseline.outputs[row.index];
        const places = own.evaluation.places?.(row.index) ?? null;
        if (wanted) meter.add(wanted, row.outputs, row.feeds, places);
        accuracy = row.accuracy;
        stage.advance(row.index + 1, `row ${row.index + 1}`);
      },
    });
    const fidelity = scores.rows > 0 ? meter.result(scoreOn) : null;
    if (scores.rows > 0 && !fidelity) warnings.push(UNCOMPARED);
    return { ...scores, fidelity };
  }
}

/** Why no row can be run; a session that does not open is told by the backend that needs it. */
async function rowsObstacle(original: Original, signal: AbortSignal): Promise<string | null> {
  try {
    return await original.fitRows(signal);
  } catch (error) {
    if (isBackendFailure(error)) return null;
    throw error;
  }
}

/**
 * Why the model is not even tried, both sessions being open at once in one heap: "needs about
 * 9.6 GB; …"; null if it is.
 */
function tooBigWith(original: SessionFiles, run: SessionFiles | null): string | null {
  const alone = tooBigTogether([original]);
  if (alone !== null || run === null) return alone;
  const together = tooBigTogether([original, run]);
  return together && `beside the original it ${together}`;
}

/** What one backend cannot do is that backend's result; a lost device or a cancel ends the job. */
const isBackendFailure = (error: unknown): error is StudioError =>
  error instanceof StudioError &&
  ['runtime-failed', 'no-webgpu', 'too-large', 'out-of-memory'].includes(error.code);

const failedMeasurement = (
  backend: Backend,
  { name, software }: Device,
  failure: string,
): BackendMeasurement => ({
  ...{ backend, software, failure, device: name },
  sessionMs: null,
  latency: null,
  placement: null,
  truth: null,
});

const skippedMeasurement = (
  backend: Backend,
  { name, software }: Device,
  skipped: string,
): BackendMeasurement => ({
  ...{ backend, software, skipped, device: name },
  ...{ sessionMs: null, latency: null, placement: null, truth: null, failure: null },
});

/** "1.30.0, builds /wasm and /webgpu": the version, and the imports that were measured. */
const runtimeWords = (backends: readonly Backend[]): string => {
  const builds = backends.map((backend) => BUILD_NAMES[backend].replace('onnxruntime-web', ''));
  return `${RUNTIME_VERSION}, ${builds.length > 1 ? 'builds' : 'build'} ${builds.join(' and ')}`;
};

const outputOf = ({ answer, number, embedding }: Readout): string | null =>
  answer?.name ?? number ?? embedding?.name ?? null;

const browserOf = (): string =>
  /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? 'unknown browser';
