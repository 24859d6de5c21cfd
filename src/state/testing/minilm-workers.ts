/** Fake workers that answer for the MiniLM-like model, at once or as slowly as `stepMs` says. */
import type { Compressed } from '../../bridge/compress-calls.ts';
import type { Measured, MeasureRequest } from '../../bridge/measure-calls.ts';
import type { DroppedFile } from '../../bridge/opened.ts';
import type { DeskCalls, EngineCalls } from '../../bridge/protocol.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { BackendMeasurement, WeightRow } from '../../report/report.ts';
import { type FakeHandlers, fakeClient } from './fake-client.ts';
import { device, identity, model, opened, plan, values } from './minilm.ts';

const ROWS = 1068;
const BASELINE_CORRECT = 897;

export const rowsOf = (recipe: Recipe): WeightRow[] =>
  plan(recipe).weights.map((it, index) => {
    const summary = model.weights[index];
    return {
      name: it.name,
      label: summary?.label ?? it.name,
      op: summary?.op ?? 'none',
      dims: summary?.dims ?? [],
      technique: it.step === null ? null : (recipe.steps[it.step]?.technique ?? null),
      encoding: it.encodingLabel,
      bitsPerWeight: (it.bytesAfter * 8) / (summary?.elementCount ?? 1),
      bytesBefore: it.bytesBefore,
      bytesAfter: it.bytesAfter,
      sqnrDb: it.step === null ? null : it.bits * 6.02 - 3.7 + (index % 5) * 0.2,
      maxAbsError: it.step === null ? null : 0.01,
      reason: it.reason,
      failed: false,
    };
  });

const wait = (ms: number) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : null);

export interface Pace {
  readonly stepMs: number;
  /** What the device says of itself, if not a real GPU. */
  readonly software?: boolean;
}

const digests = (files: readonly DroppedFile[]) =>
  files.map(({ path, blob }) => ({ path, byteLength: blob.size, sha256: identity.sha256 }));

export const deskHandlers = (): FakeHandlers<DeskCalls> => ({
  open: () => opened,
  openSample: () => opened,
  plan: ([, recipe]) => plan(recipe),
  identify: () => identity,
  values: () => values,
  hashModel: () => digests(opened.files.slice(0, 1)),
  hash: ([files]) => digests(files),
  gzip: ([files]) => Math.round(files.reduce((sum, { blob }) => sum + blob.size, 0) * 0.93),
  rows: ([, indexes]) =>
    indexes.map((index) => ({
      ...{ index, label: index % 2 },
      content: { kind: 'text', text: `Row ${index}` },
    })),
  rowLabels: () => Array.from({ length: ROWS }, (_, row) => row % 2),
  compareRows: () => null,
  bundle: ([files]) => files[0]?.blob ?? new Blob(),
  close: () => null,
  sessions: () => [],
  keep: () => ({ sessionId: 'kept', filesKept: false, job: null }),
  keepFiles: () => true,
  keepRun: () => true,
  keepJob: () => null,
  keepRecipe: () => null,
  discardJob: () => null,
  forget: () => null,
});

export function engineHandlers({ stepMs, software = false }: Pace): FakeHandlers<EngineCalls> {
  const webgpu = device.webgpu && {
    ...device.webgpu,
    software,
    ...(software && { name: 'google swiftshader' }),
  };
  return {
    visible: () => null,
    probe: () => ({ ...device, webgpu }),
    open: () => null,
    close: () => null,
    settle: () => null,
    finishedWeight: () => null,
    estimateCpu: () => ({ durationMs: 360_000 }),
    analyse: () => ({ ranks: [], cutDims: [], failed: [], blocks: [] }),
    compress: async ([, recipe], { onProgress }): Promise<Compressed> => {
      const rows = rowsOf(recipe);
      const own = rows.filter(({ technique }) => technique !== null);
      for (const [index, row] of own.entries()) {
        onProgress?.({
          stage: 'compress',
          step: row.op === 'Gather' ? 1 : 0,
          done: index + 1,
          total: own.length,
          current: row.label,
          elapsedMs: (index + 1) * 250,
          remainingMs: (own.length - index - 1) * 250,
          finished: [row],
        });
        await wait(stepMs);
      }
      const { byteLength } = plan(recipe);
      return {
        files: [{ path: 'model.onnx', blob: new Blob(['compressed']) }],
        byteLength,
        weights: rows,
        phases: [{ name: 'compress', durationMs: 900 }],
        device: webgpu?.name ?? '',
        software,
        warnings: [],
        partial: false,
        peakBufferBytes: 610_000_000,
      };
    },
    measure: async ([request], { onProgress, stop }): Promise<Measured> => {
      for (let done = 0; done <= ROWS && !stop?.aborted; done += 267) {
        onProgress?.({
          stage: 'accuracy',
          backend: request.scoreOn,
          done,
          total: ROWS,
          current: `row ${done}`,
          elapsedMs: done * 20,
          remainingMs: (ROWS - done) * 20,
          accuracy: null,
          measurements: [],
        });
        await wait(stepMs);
      }
      return measured(request, software, stop?.aborted ?? false);
    },
  };
}

function measured(request: MeasureRequest, software: boolean, stopped: boolean): Measured {
  const original = request.files === null;
  const kept = request.weights.reduce((sum, { bytesAfter }) => sum + bytesAfter, 0);
  const lost = original ? 0 : Math.round((model.byteLength / kept) ** 1.9 / 3);
  const correct = BASELINE_CORRECT - lost;
  const value = correct / ROWS;
  const half = 1.96 * Math.sqrt((value * (1 - value)) / ROWS);
  const paired = 0.002 + lost / ROWS / 2;
  const channelwise = request.weights.some(({ encoding }) => encoding.endsWith('channel'));
  const forWasm = original || channelwise ? 0.52 : 1.47;
  const times = {
    wasm: original ? 28.6 : 28.6 * forWasm,
    webgpu: original ? 9.8 : channelwise ? 31.4 : 8.0,
  };
  return {
    measurements: request.backends.map(
      (backend): BackendMeasurement => ({
        backend,
        device:
          backend === 'wasm'
            ? 'WASM, 8 threads'
            : software
              ? 'google swiftshader'
              : 'apple metal-3',
        software: backend === 'webgpu' && software,
        sessionMs: 210,
        latency: {
          warmUp: 5,
          repetitions: 50,
          p50Ms: times[backend],
          p95Ms: times[backend] * 1.2,
          meanMs: times[backend] * 1.03,
          input: '1 × 64 tokens',
          threads: backend === 'wasm' ? 8 : 1,
          ratio: original
            ? null
            : {
                median: times[backend] / (backend === 'wasm' ? 28.6 : 9.8),
                interval: {
                  low: times[backend] / (backend === 'wasm' ? 28.6 : 9.8) - 0.03,
                  high: times[backend] / (backend === 'wasm' ? 28.6 : 9.8) + 0.03,
                },
                originalP50Ms: backend === 'wasm' ? 28.6 : 9.8,
              },
        },
        placement: {
          total: 402,
          onCpu: backend === 'webgpu' && channelwise ? 37 : 0,
          cpuOperators: channelwise ? [{ op: 'MatMulInteger', count: 37 }] : [],
        },
        truth: {
          verdict: backend === 'webgpu' && channelwise ? 'agrees-slow' : 'agrees',
          rows: 64,
          cosine: original ? 0.9999998 : 0.99412,
          sameAnswers: original ? 64 : 63,
          floor: 0.9,
          largestDifference: original ? 3.1e-6 : 0.21,
          failure: null,
        },
        failure: null,
      }),
    ),
    rowScores: null,
    answers: null,
    accuracy: {
      metric: 'accuracy',
      backend: request.scoreOn,
      rows: ROWS,
      correct,
      value,
      interval: { low: value - half, high: value + half },
      difference: original
        ? null
        : {
            value: -lost / ROWS,
            interval: { low: -lost / ROWS - paired, high: -lost / ROWS + paired },
          },
      also: [],
    },
    fidelity: original
      ? null
      : {
          backend: request.scoreOn,
          rows: ROWS,
          cosine: 0.994,
          sqnrDb: 19,
          klMean: 0.0041 + lost / 4000,
          top1Agreement: 1 - (lost * 2) / ROWS,
          differingRows: lost * 2,
          pairSpearman: null,
        },
    dataset: {
      name: 'reviews.csv',
      kind: 'labelled',
      rows: ROWS,
      batch: 1,
      preprocessing: 'cut at 64 tokens, no padding',
      output: 'logits',
      otherOutputs: [],
    },
    phases: [{ name: 'measure', durationMs: 21_000 }],
    versions: { 'onnxruntime-web': '1.30.0' },
    warnings: [],
    stopped,
  };
}

export const minilmWorkers = (pace: Pace) => ({
  desk: fakeClient<DeskCalls>(deskHandlers()),
  engine: fakeClient<EngineCalls>(engineHandlers(pace)),
});
