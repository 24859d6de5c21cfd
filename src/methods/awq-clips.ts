import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { AWQ_CLIPS } from '../reference/awq.ts';
import { breathe } from './breathe.ts';
import { roundBlock } from './rounded-rows.ts';

/** AWQ_CLIPS in float32: a limit's last bit may move a zero point, so all devices cut alike. */
export const CLIP_SHARES: Float32Array<ArrayBuffer> = Float32Array.from(AWQ_CLIPS);

/** Some tens of milliseconds of work. */
const PRODUCTS_A_BREATH = 2 ** 24;

/**
 * AWQ's clipping: each block of a row is cut to the share of its largest magnitude whose rounding
 * gives the least error of the block's own part of the output.
 * - `values` — float32 [N, K], finite; cut in place
 * - `gram` — float32 [K, K] of the inputs that these values are multiplied with
 * @throws the signal's reason
 */
export async function clipByOutput(
  values: Float32Array<ArrayBuffer>,
  spec: QuantizeSpec,
  gram: Float32Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  const { K } = spec;
  const blockSize = spec.blockSize === 'channel' ? K : spec.blockSize;
  const rowProducts = K * blockSize * CLIP_SHARES.length;
  let products = 0;
  for (let row = 0; row < values.length; row += K) {
    for (let start = 0; start < K; start += blockSize) {
      const end = Math.min(K, start + blockSize);
      const block = values.subarray(row + start, row + end);
      cutBlock(block, 0, end - start, leastShare(block, spec, gram, start));
    }
    products += rowProducts;
    if (products < PRODUCTS_A_BREATH) continue;
    products = 0;
    await breathe(signal);
  }
}

/** Cuts the values from `start` up to `end` to a share, a float32, of their largest magnitude. */
export function cutBlock(
  values: Float32Array<ArrayBuffer>,
  start: number,
  end: number,
  share: number,
): void {
  const limit = Math.fround(largestOf(values, start, end) * share);
  for (let i = start; i < end; i++) {
    values[i] = Math.min(Math.max(values[i] as number, -limit), limit);
  }
}

function largestOf(values: Float32Array, start: number, end: number): number {
  let most = 0;
  for (let i = start; i < end; i++) most = Math.max(most, Math.abs(values[i] as number));
  return most;
}

/** `first` — the input channel of the block's first value */
function leastShare(
  block: Float32Array<ArrayBuffer>,
  spec: QuantizeSpec,
  gram: Float32Array<ArrayBuffer>,
  first: number,
): number {
  const { length } = block;
  const most = largestOf(block, 0, length);
  const cut = new Float32Array(length);
  const error = new Float32Array(length);
  let least = Number.POSITIVE_INFINITY;
  let best = 1;
  for (const share of CLIP_SHARES) {
    const tried = Math.fround(most * share);
    for (let i = 0; i < length; i++) {
      cut[i] = Math.min(Math.max(block[i] as number, -tried), tried);
    }
    roundBlock(cut, 0, length, spec, error);
    for (let i = 0; i < length; i++) error[i] = (error[i] as number) - (block[i] as number);
    const sum = blockError(error, gram, first, spec.K);
    if (!(sum < least)) continue;
    least = sum;
    best = share;
  }
  return best;
}

/** d H_bb dᵀ for the block's own inputs. */
function blockError(error: Float32Array, gram: Float32Array, first: number, K: number): number {
  let sum = 0;
  for (let i = 0; i < error.length; i++) {
    const line = (first + i) * K + first;
    let row = ((gram[line + i] as number) / 2) * (error[i] as number);
    for (let j = i + 1; j < error.length; j++) {
      row += (gram[line + j] as number) * (error[j] as number);
    }
    sum += 2 * row * (error[i] as number);
  }
  return sum;
}
