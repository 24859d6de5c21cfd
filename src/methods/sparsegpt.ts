/**
 * SparseGPT: the values go that a layer's output misses least, and those that stay make up for them.
 * @see https://arxiv.org/abs/2301.00774
 */
import type { PruneSpec } from '../core/prune-spec.ts';
import type { ColumnRuns } from './column-runs.ts';
import type { FeedbackDevice } from './feedback-device.ts';
import { type LayerInputs, layerFactor } from './layer-factor.ts';
import { magnitudeRows } from './magnitude-rows.ts';
import { asGivenRows, reorderedRows, withoutDamping } from './reorder-columns.ts';

export interface SparseTask {
  /** float32 [N, K], finite. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly N: number;
  readonly spec: PruneSpec;
  readonly inputs: LayerInputs;
  readonly runs: ColumnRuns;
  /** See `FactorOptions`. */
  readonly damping: number;
}

export interface Sparse {
  /** float32 [N, K] */
  readonly values: Float32Array<ArrayBuffer>;
  /** uint8 [N, K]: 1 where a value went. */
  readonly goes: Uint8Array<ArrayBuffer>;
  readonly note: string;
}

/**
 * Where cutting the smallest magnitudes serves the layer better, that is done instead. Both leave
 * floor(sparsity · values), SparseGPT of every 128 inputs.
 * @throws as `FeedbackDevice`
 */
export async function sparseGpt(
  device: FeedbackDevice,
  { values: asGiven, N, spec, inputs, runs, damping }: SparseTask,
  signal: AbortSignal,
): Promise<Sparse | { readonly refused: string }> {
  const { order, runLength } = runs;
  if (spec.kind === 'n-of-m' && runLength < inputs.K && runLength % spec.m !== 0) {
    return { refused: `groups of ${spec.m} do not fill its ${runLength} input channels` };
  }
  const layer = await layerFactor(inputs, { damping, order }, signal);
  if ('refused' in layer) return layer;
  const { factor, shift, remarks } = layer;
  const values = reorderedRows(asGiven, 0, N, order);
  const task = { N, weight: values, factor, prune: spec, goes: null, grid: null };
  const { errors, goes, losses } = await device.settle(task, signal);
  const own = total(withoutDamping(losses, errors, shift));

  const smallest = magnitudeRows(values, runLength, spec);
  const cut = values.map((value, i) => (smallest[i] ? value : 0));
  const cutLosses = await device.losses(cut, N, factor, signal);
  const plain = total(withoutDamping(cutLosses, cut, shift));
  const isBetter = own < plain;
  const found = isBetter ? values.map((value, i) => value - (errors[i] as number)) : values;
  const marks = isBetter ? goes : smallest;
  const kept = found.map((value, i) => (marks[i] ? 0 : value));
  const outcome = isBetter
    ? `Layer error ${Number((own / plain).toPrecision(2))} × that of magnitude pruning`
    : 'Pruned by magnitude, which is as good here';
  return {
    values: asGivenRows(kept, order),
    goes: asGivenRows(marks, order),
    note: [outcome, ...remarks].join('; '),
  };
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
