import type { BlockParameters } from './block-parameters.ts';
import { errorFeedback } from './error-feedback.ts';
import type { UpperFactor } from './upper-factor.ts';

/**
 * Where a block's scale and zero point come from.
 * - `static`: the weights as they were, blocks along the columns as they lie
 * - `dynamic`: the weights as corrected when the block is reached, blocks along the order
 * - `lazy`: the same, corrected by whole `lazyBlock`s only (the first code of the paper)
 */
export type GroupMode = 'static' | 'dynamic' | 'lazy';

export interface GptqRule {
  /** Of a block whose values lie in [low, high]. */
  parameters(low: number, high: number): BlockParameters;
  code(block: BlockParameters, w: number): number;
}

export interface GptqTask {
  /** float32 [N, K], its columns as they lie. */
  readonly weight: Float32Array;
  readonly N: number;
  readonly factor: UpperFactor;
  readonly order: Uint32Array;
  /** Columns that share a scale; K: one a row. */
  readonly blockSize: number;
  readonly mode: GroupMode;
  readonly lazyBlock: number;
  readonly rule: GptqRule;
}

export interface GptqResult {
  /** uint8 [N, K], as the columns lie. */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** float64 [N, K]: what they stand for. */
  readonly values: Float64Array<ArrayBuffer>;
  /** tr(dW (H + λI) dWᵀ) */
  readonly loss: number;
}

/** The definition of GPTQ over `errorFeedback`, in every mode of the published codes. */
export function gptq(task: GptqTask): GptqResult {
  const { weight, N, factor, order, blockSize, rule } = task;
  const { K } = factor;
  const ordered = Float64Array.from(weight, (_, i) => {
    return weight[i - (i % K) + order[i % K]!]!;
  });
  const codes = new Uint8Array(N * K);
  const values = new Float64Array(N * K);
  const mode = blockSize === K ? 'static' : task.mode;
  const asTheyLie = Array.from({ length: Math.ceil(K / blockSize) }, (_, b) =>
    parametersOf(weight, N, K, b * blockSize, Math.min(K, (b + 1) * blockSize), rule),
  );
  let current: readonly BlockParameters[] = [];
  let lazy: {
    readonly first: number;
    readonly values: Float64Array;
    readonly width: number;
  } | null = null;
  const { loss } = errorFeedback(ordered, N, factor, (k, corrected, predict) => {
    if (mode === 'static') {
      current = asTheyLie[Math.floor(order[k]! / blockSize)]!;
    } else {
      if (mode === 'lazy' && k % task.lazyBlock === 0) {
        const end = Math.min(K, k + Math.max(task.lazyBlock, blockSize));
        lazy = { first: k, values: predict(k, end), width: end - k };
      }
      if (k % blockSize === 0) {
        const end = Math.min(K, k + blockSize);
        const from = lazy ?? { first: k, values: predict(k, end), width: end - k };
        const { first, width } = from;
        current = parametersOf(from.values, N, width, k - first, end - first, rule);
      }
    }
    return corrected.map((w, n) => {
      const block = current[n]!;
      const code = rule.code(block, w);
      const at = n * K + order[k]!;
      codes[at] = code;
      values[at] = (code - block.zeroPoint) * block.scale;
      return values[at]!;
    });
  });
  return { codes, values, loss };
}

/** Of every row's columns [from, to), widened to contain 0. */
function parametersOf(
  values: ArrayLike<number>,
  N: number,
  width: number,
  from: number,
  to: number,
  rule: GptqRule,
): BlockParameters[] {
  return Array.from({ length: N }, (_, n) => {
    let [low, high] = [0, 0];
    for (let k = from; k < to; k++) {
      low = Math.min(low, values[n * width + k]!);
      high = Math.max(high, values[n * width + k]!);
    }
    return rule.parameters(low, high);
  });
}
