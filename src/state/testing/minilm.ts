/** A BERT-like classifier of 22.7 M parameters, as the workers would describe it. */
import type { Opened } from '../../bridge/opened.ts';
import { encodingForFp16, encodingForRtn } from '../../catalog/choose-encoding.ts';
import { encodingLabel, encodingLayout, layoutBytes } from '../../catalog/encoding-layout.ts';
import type { WeightOperator } from '../../catalog/encodings.ts';
import { shapeByAxis } from '../../catalog/matrix-shape.ts';
import { resolveOptions } from '../../recipe/options.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { assignSteps } from '../../recipe/select.ts';
import type { DeviceSummary } from '../../report/device-summary.ts';
import type { ModelIdentity, ModelSummary, WeightSummary } from '../../report/model-summary.ts';
import type { PlannedWeightSummary, PlanSummary } from '../../report/plan-summary.ts';
import type { WeightValues } from '../../report/weight-values.ts';

const WIDTH = 384;
const INNER = 1536;

const weight = (
  name: string,
  op: string,
  dims: readonly number[],
  group: string,
  notCompressible: string | null = null,
): WeightSummary => {
  const elementCount = dims.reduce((product, dim) => product * dim, 1);
  const label = name.replace(/\.weight$/, '');
  const byteLength = elementCount * 4;
  return {
    name,
    label,
    op,
    dims,
    dtype: 'float32',
    elementCount,
    byteLength,
    group,
    series: seriesOf(group),
    order: 0,
    uses: [{ op, nodeName: `/${label}/${op}` }],
    notCompressible,
    place: dims.length === 2 ? placeOf(op, dims) : null,
  };
};

const placeOf = (op: string, dims: readonly number[]): WeightSummary['place'] => ({
  row: op as WeightOperator,
  shape: shapeByAxis(dims, op === 'MatMul' ? 1 : 0),
  ...{ groups: 1, valueType: 'float32', isSeen: true },
});

const seriesOf = (group: string): WeightSummary['series'] => {
  const [, index] = /^layer (\d+)$/.exec(group) ?? [];
  return index === undefined ? null : { name: 'layer', index: Number(index) };
};

const ONE_DIMENSIONAL = 'Biases and LayerNorm: 1-D, kept in fp32';

const layer = (index: number): WeightSummary[] => {
  const at = (part: string) => `encoder.layer.${index}.${part}`;
  const group = `layer ${index}`;
  const matrices: [string, number, number][] = [
    ['intermediate.dense', WIDTH, INNER],
    ['output.dense', INNER, WIDTH],
    ['attention.self.query', WIDTH, WIDTH],
    ['attention.self.key', WIDTH, WIDTH],
    ['attention.self.value', WIDTH, WIDTH],
    ['attention.output.dense', WIDTH, WIDTH],
  ];
  return [
    ...matrices.map(([part, K, N]) => weight(`${at(part)}.weight`, 'MatMul', [K, N], group)),
    ...matrices.map(([part, , N]) =>
      weight(`${at(part)}.bias`, 'Add', [N], group, ONE_DIMENSIONAL),
    ),
    ...['attention.output', 'output'].flatMap((part) =>
      ['weight', 'bias'].map((kind) =>
        weight(
          `${at(part)}.LayerNorm.${kind}`,
          'LayerNormalization',
          [WIDTH],
          group,
          ONE_DIMENSIONAL,
        ),
      ),
    ),
  ];
};

const byName = new Intl.Collator('en', { numeric: true });
const labels = (all: readonly WeightSummary[]): readonly string[] =>
  all.map(({ label }) => label).sort(byName.compare);

const weights: readonly WeightSummary[] = [
  weight('embeddings.word_embeddings.weight', 'Gather', [30522, WIDTH], 'embeddings'),
  weight('embeddings.position_embeddings.weight', 'Gather', [512, WIDTH], 'positions'),
  weight(
    'embeddings.token_type_embeddings.weight',
    'Gather',
    [2, WIDTH],
    'positions',
    'Under 1,024 elements',
  ),
  ...Array.from({ length: 6 }, (_, index) => layer(index)).flat(),
  weight('pooler.dense.weight', 'Gemm', [WIDTH, WIDTH], 'head'),
  weight('pooler.dense.bias', 'Gemm', [WIDTH], 'head', ONE_DIMENSIONAL),
  weight('classifier.weight', 'Gemm', [2, WIDTH], 'head', 'Under 1,024 elements'),
].map((it, _, all) => ({ ...it, order: labels(all).indexOf(it.label) }));

const REST_BYTES = 47_000;
const total = weights.reduce((sum, { byteLength }) => sum + byteLength, REST_BYTES);

export const model: ModelSummary = {
  id: 'model-1',
  title: 'sentiment-minilm',
  fileName: 'sentiment-minilm.onnx',
  format: 'onnx',
  byteLength: total,
  opset: 17,
  opsets: [{ domain: '', version: 17 }],
  irVersion: 8,
  producer: 'pytorch 2.4',
  parameterCount: 22_713_986,
  nodeCount: 402,
  operators: [{ op: 'MatMul', count: 48 }],
  inputs: [{ name: 'input_ids', type: 'int64 [batch, sequence]' }],
  outputs: [{ name: 'logits', type: 'float32 [batch, 2]' }],
  metadata: [],
  weights,
  notes: [],
};

export const opened: Opened = {
  model,
  dataset: {
    kind: 'labelled',
    metric: 'accuracy',
    needsMapping: [],
    name: 'reviews.csv',
    evaluationRows: 1068,
    calibrationRows: 267,
    labels: ['negative', 'positive'],
    limitation: null,
    unread: [],
  },
  recipe: null,
  files: [{ path: 'sentiment-minilm.onnx', blob: new Blob(['model']) }],
};

export const identity: ModelIdentity = {
  name: model.fileName,
  sha256: '4be107a95c22d0f688139ae471bd3c50e6f21d88b7a304946ee5c17f20ab93d1',
  byteLength: total,
  parameterCount: model.parameterCount,
};

export const device: DeviceSummary = {
  webgpu: {
    name: 'apple metal-3',
    software: false,
    shaderF16: true,
    subgroups: '4 to 64 lanes',
    maxBufferBytes: 4_294_967_296,
    maxBindingBytes: 4_294_967_292,
  },
  webgpuMissing: null,
  wasmThreads: 8,
  crossOriginIsolated: true,
  diskFreeBytes: 38_200_000_000,
  runtimeVersion: '1.30.0',
};

/** The dry run of this model, from the catalog's own layouts. */
export function plan(recipe: Recipe): PlanSummary {
  const selectable = weights.map(({ name, label, elementCount, op }) => ({
    name,
    label,
    elementCount,
    uses: [{ op, nodeName: `/${label}/${op}` }],
  }));
  const taken = assignSteps(recipe, selectable);
  const planned = weights.map((it, index): PlannedWeightSummary => {
    const step = it.notCompressible === null ? (taken[index]?.[0] ?? null) : null;
    const chosen = step === null ? undefined : recipe.steps[step];
    const shape = shapeByAxis(it.dims, it.op === 'Gather' ? 0 : it.dims.length - 1);
    const place = { row: it.op as WeightOperator, shape, groups: 1 };
    const decision =
      chosen &&
      (chosen.technique === 'fp16'
        ? encodingForFp16()
        : encodingForRtn(resolveOptions(chosen), place, recipe.target));
    const alone = {
      name: it.name,
      step: null,
      encodingLabel: 'fp32',
      bits: 32,
      bytesBefore: it.byteLength,
      bytesAfter: it.byteLength,
    };
    if (!decision) return { ...alone, reason: it.notCompressible ?? 'No step takes it' };
    if ('refused' in decision) return { ...alone, reason: decision.refused };
    const layouts = encodingLayout(decision.choice, shape);
    const bytesAfter = layouts.reduce((sum, tensor) => sum + layoutBytes(tensor), 0);
    return {
      name: it.name,
      step,
      encodingLabel: encodingLabel(decision.choice),
      bits: decision.choice.kind === 'float' ? 16 : decision.choice.bits,
      bytesBefore: it.byteLength,
      bytesAfter,
      reason: null,
    };
  });
  return summarize(recipe, planned);
}

function summarize(recipe: Recipe, planned: readonly PlannedWeightSummary[]): PlanSummary {
  const sum = (of: readonly PlannedWeightSummary[], key: 'bytesBefore' | 'bytesAfter') =>
    of.reduce((bytes, it) => bytes + it[key], 0);
  const alone = planned.filter(({ step }) => step === null);
  const reasons = [...new Set(alone.map(({ reason }) => reason ?? ''))];
  const rest = sum(alone, 'bytesAfter') + REST_BYTES;
  const byBits = [8, 4, 2].map((bits) => ({
    label: `int${bits}`,
    bits,
    byteLength: sum(
      planned.filter((it) => it.step !== null && it.bits === bits),
      'bytesAfter',
    ),
  }));
  return {
    byteLength: sum(planned, 'bytesAfter') + REST_BYTES,
    exact: true,
    weights: planned,
    steps: recipe.steps.map((_, index) => {
      const own = planned.filter(({ step }) => step === index);
      return {
        weightCount: own.length,
        bytesBefore: sum(own, 'bytesBefore'),
        bytesAfter: sum(own, 'bytesAfter'),
      };
    }),
    stages: [...new Set(planned.flatMap(({ step }) => step ?? []))].sort().map((step) => {
      const own = planned.filter((it) => it.step === step);
      const elementCount = sum(own, 'bytesBefore') / 4;
      return { stage: 'compress', steps: [step], weightCount: own.length, elementCount };
    }),
    leftAlone: reasons.map((reason) => {
      const own = alone.filter((it) => it.reason === reason);
      return { reason, weightCount: own.length, byteLength: sum(own, 'bytesBefore') };
    }),
    breakdown: [
      ...byBits.filter(({ byteLength }) => byteLength > 0),
      { label: 'rest', bits: 32, byteLength: rest },
    ],
    warnings: recipe.target === 'webgpu' ? [{ step: 0, message: 'Slower than fp32 on WASM.' }] : [],
  };
}

export const values: WeightValues = {
  limit: 0.42,
  before: {
    counts: Array.from({ length: 61 }, (_, bin) =>
      Math.round(9e4 * Math.exp(-(Math.abs((bin - 30) / 30) ** 1.5) / 0.11)),
    ),
    mean: 0.0002,
    standardDeviation: 0.047,
  },
  after: null,
  missing: null,
  channels: null,
  focus: null,
  levels: null,
};
