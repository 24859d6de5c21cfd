/** A baseline and a run of it whose figures agree with each other, for tests. */
import { presetRecipe } from '../../recipe/presets.ts';
import type { BackendMeasurement, RunReport, WeightRow } from '../report.ts';

const model = {
  name: 'sentiment-minilm.onnx',
  sha256: '4be107a95c22d0f688139ae471bd3c50e6f21d88b7a304946ee5c17f20ab93d1',
  byteLength: 90_902_856,
  parameterCount: 22_713_986,
};

const dataset = {
  name: 'test.csv',
  kind: 'labelled',
  rows: 1068,
  batch: 1,
  preprocessing: 'cut at 64 tokens, no padding',
  output: 'logits',
  otherOutputs: [],
} as const;

const weight: WeightRow = {
  name: 'encoder.layer.0.output.dense.weight',
  label: 'encoder.layer.0.output.dense',
  op: 'MatMul',
  dims: [1536, 384],
  technique: 'rtn',
  encoding: 'MatMulNBits',
  bitsPerWeight: 4.5,
  bytesBefore: 2_359_296,
  bytesAfter: 331_776,
  sqnrDb: 19.8,
  maxAbsError: 0.021,
  reason: null,
  failed: false,
};

const wasm: BackendMeasurement = {
  backend: 'wasm',
  device: 'WASM, 8 threads',
  software: false,
  sessionMs: 210.4,
  latency: {
    warmUp: 3,
    repetitions: 50,
    p50Ms: 28.6,
    p95Ms: 31.2,
    meanMs: 28.9,
    input: '1 × 64 tokens',
    threads: 8,
    ratio: null,
  },
  placement: { total: 402, onCpu: 402, cpuOperators: [] },
  truth: null,
  failure: null,
};

const webgpu: BackendMeasurement = {
  ...wasm,
  backend: 'webgpu',
  device: 'apple metal-3',
  latency: wasm.latency && { ...wasm.latency, p50Ms: 9.8, p95Ms: 11.5, meanMs: 10.1 },
  placement: { total: 402, onCpu: 0, cpuOperators: [] },
};

export const BASELINE: RunReport = {
  format: 'whittle-report',
  version: 1,
  id: 'run-0',
  name: 'fp32 baseline',
  kind: 'baseline',
  startedAt: '2026-11-18T13:37:02.000Z',
  model,
  recipe: null,
  output: {
    files: [{ path: 'model.onnx', byteLength: model.byteLength, sha256: 'ab'.repeat(32) }],
    byteLength: model.byteLength,
    gzipByteLength: 84_200_000,
  },
  weights: [],
  measurements: [wasm, webgpu],
  answers: null,
  accuracy: {
    metric: 'accuracy',
    backend: 'wasm',
    rows: 1068,
    correct: 897,
    value: 897 / 1068,
    interval: { low: 897 / 1068 - 0.0219, high: 897 / 1068 + 0.0219 },
    difference: null,
    also: [],
  },
  fidelity: null,
  dataset,
  phases: [{ name: 'session', durationMs: 210.4 }],
  compressedOn: null,
  versions: { 'onnxruntime-web': '1.30.0' },
  warnings: [],
  partial: false,
};

export const RUN: RunReport = {
  ...BASELINE,
  id: 'run-4',
  name: 'int4 block 32 + int8 embeddings',
  kind: 'run',
  recipe: presetRecipe('close', 'wasm'),
  output: {
    files: [{ path: 'model.onnx', byteLength: 13_712_898, sha256: 'cd'.repeat(32) }],
    byteLength: 13_712_898,
    gzipByteLength: 13_100_000,
  },
  weights: [weight, { ...weight, name: 'copy', sqnrDb: Number.POSITIVE_INFINITY, maxAbsError: 0 }],
  measurements: [
    {
      ...wasm,
      latency: wasm.latency && {
        ...wasm.latency,
        p50Ms: 15,
        p95Ms: 16.4,
        meanMs: 15.2,
        ratio: { median: 0.5245, interval: { low: 0.51, high: 0.54 }, originalP50Ms: 28.6 },
      },
      truth: {
        verdict: 'agrees',
        rows: 64,
        cosine: 0.99412,
        sameAnswers: 63,
        floor: 0.6,
        largestDifference: 0.81,
        failure: null,
      },
    },
    {
      ...webgpu,
      latency: webgpu.latency && {
        ...webgpu.latency,
        p50Ms: 30.6,
        meanMs: 31,
        ratio: { median: 3.12, interval: { low: 3.05, high: 3.2 }, originalP50Ms: 9.8 },
      },
      truth: {
        verdict: 'agrees-slow',
        rows: 64,
        cosine: 0.99408,
        sameAnswers: 63,
        floor: 0.6,
        largestDifference: 0.82,
        failure: null,
      },
      placement: { total: 441, onCpu: 37, cpuOperators: [{ op: 'MatMulInteger', count: 37 }] },
    },
  ],
  answers: null,
  accuracy: {
    metric: 'accuracy',
    backend: 'wasm',
    rows: 1068,
    correct: 893,
    value: 893 / 1068,
    interval: { low: 893 / 1068 - 0.0222, high: 893 / 1068 + 0.0222 },
    difference: { value: -4 / 1068, interval: { low: -4 / 1068 - 0.009, high: -4 / 1068 + 0.009 } },
    also: [],
  },
  fidelity: {
    backend: 'wasm',
    rows: 1068,
    cosine: 0.99371,
    sqnrDb: 18.9,
    klMean: 0.0087,
    top1Agreement: 1044 / 1068,
    differingRows: 24,
    pairSpearman: null,
  },
  compressedOn: { device: 'apple metal-3', software: false },
};

/** The run with what its measurement on `backend` changes. */
export const measuredOtherwise = (
  backend: BackendMeasurement['backend'],
  change: Partial<BackendMeasurement>,
): RunReport => ({
  ...RUN,
  measurements: RUN.measurements.map((measurement) =>
    measurement.backend === backend ? { ...measurement, ...change } : measurement,
  ),
});
