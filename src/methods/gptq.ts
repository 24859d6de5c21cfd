/**
 * GPTQ: the codes that a layer's output changes least by. Scales and zero points stay those of plain
 * rounding, so every way of storing integers serves; the codes are walked along the inputs, each
 * making up for what the earlier ones lost. Every channel that plain rounding serves better keeps it.
 * @see https://arxiv.org/abs/2210.17323
 */
import { assert } from '../core/assert.ts';
import type { ErrorStatistics, Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import { dequantize } from '../reference/dequantize.ts';
import { packCodes, unpackCodes } from '../reference/packing.ts';
import { addErrors, errorsOf, NO_ERRORS } from './errors.ts';
import type { FeedbackDevice } from './feedback-device.ts';
import { blockTable, gridOf } from './grid-of.ts';
import { type LayerInputs, layerFactor } from './layer-factor.ts';
import { reorderedRows, withoutDamping } from './reorder-columns.ts';

export interface GptqTask {
  /** float32 [N, K], before anything was done to it. */
  readonly values: Float32Array<ArrayBuffer>;
  /** uint8 [N, K]: 1 where a value was pruned and stays 0; null: nowhere. */
  readonly pruned: Uint8Array | null;
  /** Plain rounding of the pruned values. */
  readonly plain: Quantized;
  readonly spec: QuantizeSpec;
  readonly inputs: LayerInputs;
  readonly damping: number;
  /** Walks inputs of large activations first; else as they lie. */
  readonly actOrder: boolean;
}

export interface Refined {
  readonly quantized: Quantized;
  /** For the weight's row in the report. */
  readonly note: string;
}

/** Elements of which a few copies may lie in memory. */
const CHUNK = 2 ** 22;

/** @throws as `FeedbackDevice` */
export async function gptq(
  device: FeedbackDevice,
  task: GptqTask,
  signal: AbortSignal,
): Promise<Refined> {
  const { inputs, damping, actOrder, plain, spec, values, pruned } = task;
  const { K, N } = spec;
  assert(inputs.K === K && values.length === N * K, `${N} channels of ${K} inputs`);
  const wanted = actOrder ? 'activation' : Uint32Array.from({ length: K }, (_, k) => k);
  const layer = await layerFactor(inputs, { damping, order: wanted }, signal);
  if ('refused' in layer) {
    return { quantized: plain, note: `Rounded to nearest: ${layer.refused}` };
  }
  const { order, shift } = layer;
  const plainValues = dequantize(plain, spec);
  const codes = unpackCodes(plain.codes, spec);
  const table = blockTable(plain, spec);
  const step = Math.max(4, 4 * Math.floor(CHUNK / K / 4));
  const chosen = new Choice(N);
  for (let first = 0; first < N; first += step) {
    const rows = Math.min(step, N - first);
    const weight = reorderedRows(values, first, rows, order);
    const goes =
      pruned &&
      Uint8Array.from({ length: rows * K }, (_, i) => {
        return pruned[(first + Math.floor(i / K)) * K + (order[i % K] as number)] as number;
      });
    const grid = gridOf(table, spec, order, first, rows);
    const own = await device.settle(
      { N: rows, weight, factor: layer.factor, prune: null, goes, grid },
      signal,
    );
    const plainErrors = reorderedRows(plainValues, first, rows, order).map((value, i) => {
      return (weight[i] as number) - value;
    });
    const plainLosses = await device.losses(plainErrors, rows, layer.factor, signal);
    const isBetter = chosen.add(
      weight,
      { errors: own.errors, losses: withoutDamping(own.losses, own.errors, shift) },
      { errors: plainErrors, losses: withoutDamping(plainLosses, plainErrors, shift) },
    );
    for (let i = 0; i < rows * K; i++) {
      const row = Math.floor(i / K);
      if (isBetter[row])
        codes[(first + row) * K + (order[i % K] as number)] = own.codes[i] as number;
    }
  }
  const { errors, kept } = chosen;
  return {
    quantized: { ...plain, ...(kept < N && { codes: packCodes(codes, spec) }), errors },
    note: [chosen.note, ...layer.remarks].join('; '),
  };
}

interface Outcome {
  /** float32 [rows, K] */
  readonly errors: Float32Array;
  /** [rows] */
  readonly losses: Float64Array;
}

/** The better of two outcomes, row by row. */
class Choice {
  readonly #rows: number;
  #kept = 0;
  #loss = 0;
  #plainLoss = 0;
  #errors: ErrorStatistics = NO_ERRORS;

  constructor(rows: number) {
    this.#rows = rows;
  }

  get errors(): ErrorStatistics {
    return this.#errors;
  }

  /** Rows that stay as they were rounded. */
  get kept(): number {
    return this.#kept;
  }

  get note(): string {
    const ratio = this.#plainLoss > 0 ? this.#loss / this.#plainLoss : 1;
    const layer = `Layer error ${Number(ratio.toPrecision(2))} × that of rounding`;
    if (this.#kept === 0) return layer;
    return `${layer}; ${this.#kept} of ${this.#rows} channels rounded to nearest, which is as good`;
  }

  /** Per row, whether `own` is better than `plain`. */
  add(weight: Float32Array, own: Outcome, plain: Outcome): readonly boolean[] {
    const K = weight.length / own.losses.length;
    return Array.from(own.losses, (loss, row) => {
      const plainLoss = plain.losses[row] as number;
      const isBetter = loss < plainLoss;
      const { errors } = isBetter ? own : plain;
      const part = [row * K, (row + 1) * K] as const;
      const statistics = errorsOf(weight.subarray(...part), errors.subarray(...part));
      this.#errors = addErrors(this.#errors, statistics);
      this.#kept += Number(!isBetter);
      this.#loss += Math.min(loss, plainLoss);
      this.#plainLoss += plainLoss;
      return isBetter;
    });
  }
}
