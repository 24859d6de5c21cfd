/** Everything about one model file on one backend but its accuracy. */

import { affordableRounds, measureLatency } from '../bench/latency.ts';
import { runtimeThreads } from '../bench/ort.ts';
import type { Outputs } from '../bench/outputs.ts';
import { measurePlacement } from '../bench/placement.ts';
import type { Session } from '../bench/session.ts';
import {
  noiseFloor,
  runForTruth,
  TRUTH_BUDGET_MS,
  TRUTH_MINIMUM_ROWS,
  TruthMeter,
  withLatency,
} from '../bench/truth-check.ts';
import type { Backend } from '../core/backend.ts';
import type { LatencyInput } from '../dataset/latency-input.ts';
import type { Dataset } from '../dataset/opening.ts';
import type { Rows } from '../dataset/rows.ts';
import type { BackendMeasurement, Latency, WeightRow } from '../report/report.ts';
import type { Original } from './original.ts';
import { inOriginalIds, tokenLogitsOf } from './run-dataset.ts';
import type { SessionFiles } from './session-files.ts';
import type { Stages } from './stages.ts';

/** Time for the timed pairs of one backend; a slow one gets fewer repetitions, at least this many. */
const LATENCY_BUDGET_MS = 10_000;
/** Software adapters are checked, and timed where that is asked for; their times say nothing of a GPU. */
const SOFTWARE_BUDGET_MS = 3000;

export interface Device {
  readonly name: string;
  readonly software: boolean;
}

export interface BackendRequest {
  readonly backend: Backend;
  readonly device: Device;
  readonly original: Original;
  /** The compressed file's session; null measures the original itself. */
  readonly run: Session | null;
  /** The compressed model, for a session of its own that writes a profile. */
  readonly runFiles: SessionFiles | null;
  readonly weights: readonly WeightRow[];
  /** What the truth is checked on, the same on every backend, as the original is fed. */
  readonly rows: Rows;
  /** The same rows as the run is fed. */
  readonly runRows: Rows;
  /** The run's data set. */
  readonly own: Dataset;
  /** What the same bytes gave on another backend, row by row. */
  readonly other: { readonly backend: Backend; readonly outputs: readonly Outputs[] } | null;
  /** The run's file rounds activations to 8 bits as it runs. */
  readonly rounds: boolean;
  readonly truthBudgetMs?: number | undefined;
  readonly warmUp: number;
  readonly repetitions: number;
  readonly timeSoftware: boolean;
  readonly isVisible: () => boolean;
  readonly stages: Stages;
}

export interface BackendResult {
  readonly measurement: BackendMeasurement;
  /** Outputs of the truth check's rows, for the next backend to be compared with. */
  readonly truthOutputs: readonly Outputs[];
  readonly warnings: readonly string[];
}

export async function measureBackend(request: BackendRequest): Promise<BackendResult> {
  const { backend, device, original, run, stages } = request;
  const { signal } = stages;
  const warnings: string[] = [];
  const subject = run ?? (await original.session(backend));

  const truth = await checkTruth(request, subject);
  signal.throwIfAborted();
  const input = request.repetitions > 0 ? await original.dataset.latencyInput() : null;
  const runInput = input && run ? await request.own.latencyInput() : input;
  const untimed = device.software && !request.timeSoftware;
  let latency: Latency | null = null;
  if (input && runInput && !untimed) {
    const timing = await timePairs(request, input, runInput);
    if (timing.kind === 'measured') latency = timing.run ?? timing.baseline;
    else warnings.push(`Latency on ${label(backend)} was discarded. ${timing.reason}`);
  }
  signal.throwIfAborted();
  const placement = backend === 'webgpu' && runInput ? await placementOf(request, runInput) : null;

  return {
    measurement: {
      backend,
      device: device.name,
      software: device.software,
      sessionMs: subject.sessionMs,
      latency,
      placement,
      truth: truth.check && withLatency(truth.check, latency),
      failure: null,
      ...(untimed && { untimed: 'software adapter' }),
    },
    truthOutputs: truth.outputs,
    warnings,
  };
}

export const label = (backend: Backend): string => (backend === 'wasm' ? 'WASM' : 'WebGPU');

async function checkTruth(request: BackendRequest, subject: Session) {
  const { backend, device, original, run, rows, runRows, own, weights, other, stages } = request;
  // The original on WASM is what everything is compared with; itself it cannot be checked.
  if (rows.count === 0 || (run === null && backend === 'wasm')) return { check: null, outputs: [] };
  const outputs: Outputs[] = [];
  const usual = device.software ? SOFTWARE_BUDGET_MS : TRUTH_BUDGET_MS;
  const budgetMs = request.truthBudgetMs ?? usual;
  const least = Math.min(TRUTH_MINIMUM_ROWS, rows.count);
  const stage = stages.begin('truth', rows.count, { backend }, { least, budgetMs });
  const onRow = (index: number, output: Outputs) => {
    outputs.push(output);
    stage.advance(index + 1, `row ${index + 1}`);
  };
  await runForTruth(subject, runRows, stages.signal, onRow, budgetMs);
  const of = outputs.length;
  const meter = new TruthMeter(
    original.dataset.readout.answer,
    tokenLogitsOf(original.dataset, own),
  );
  for (const [index, output] of outputs.entries()) {
    stages.signal.throwIfAborted();
    const wanted = own.originalIds
      ? await original.outputs(inOriginalIds(await runRows.feeds(index), original.dataset, own))
      : await original.truth(rows, index);
    meter.add(wanted, output, other?.outputs[index] ?? null);
    const done = index + 1;
    const within = { what: 'compare', done, total: of } as const;
    stage.advance(of, `row ${done}`, done < of ? { within } : {});
  }
  const check = meter.result(noiseFloor(weights), other?.backend ?? 'wasm', request.rounds);
  return { check, outputs };
}

async function timePairs(
  { backend, device, original, run, warmUp, repetitions, isVisible, stages }: BackendRequest,
  { feeds, description }: LatencyInput,
  own: LatencyInput,
) {
  const baseline = await original.session(backend);
  const timeBaseline = () => baseline.time(feeds);
  const timeRun = run && (() => run.time(own.feeds));
  const planned = await affordableRounds({
    timers: timeRun ? [timeBaseline, timeRun] : [timeBaseline],
    budgetMs: device.software ? SOFTWARE_BUDGET_MS : LATENCY_BUDGET_MS,
    ...{ warmUp, repetitions },
  });
  const stage = stages.begin('latency', planned.warmUp + planned.repetitions, { backend });
  return measureLatency({
    ...planned,
    baseline: timeBaseline,
    run: timeRun,
    input: description,
    threads: backend === 'wasm' ? runtimeThreads() : 1,
    signal: stages.signal,
    isVisible,
    onPair: (done) => stage.advance(done, `run ${done}`),
  });
}

async function placementOf(
  { original, runFiles, backend, stages }: BackendRequest,
  { feeds }: LatencyInput,
) {
  const { graph, externalFiles } = runFiles ?? original.sessionFiles;
  const stage = stages.begin('placement', 1, { backend });
  const placement = await measurePlacement(graph, backend, feeds, { externalFiles });
  stage.advance(1, '');
  return placement;
}
