/** `clipByOutput` of blocks too large for `awqClips`, whole channels above all, by matrix products. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { CLIP_SHARES, cutBlock } from './awq-clips.ts';
import { clipBlocksOf } from './clip-layouts.ts';
import type { MatrixDevice } from './matrix-device.ts';
import { ProductErrors } from './product-errors.ts';
import { roundingErrors } from './rounded-rows.ts';
import { rowChunks } from './row-chunks.ts';

type Values = Float32Array<ArrayBuffer>;

/** @throws too-large, out-of-memory, device-lost, gpu-failed; the signal's reason */
export async function clipByProducts(
  values: Values,
  spec: QuantizeSpec,
  gram: Values,
  device: MatrixDevice,
  signal: AbortSignal,
  chunkElements?: number,
): Promise<void> {
  const { K, length } = clipBlocksOf(spec);
  for (let first = 0; first < K; first += length) {
    const width = Math.min(length, K - first);
    const own: QuantizeSpec = { ...spec, K: width, blockSize: 'channel' };
    const products = part(gram.subarray(first * K, (first + width) * K), K, first, width);
    using errors = new ProductErrors(device, products, width);
    for (const [start, end] of rowChunks(values.length, K, chunkElements)) {
      const blocks = part(values.subarray(start, end), K, first, width);
      const shares = await leastShares(blocks, own, errors, signal);
      shares.forEach((share, row) => {
        const from = start + row * K + first;
        if (share < 1) cutBlock(values, from, from + width, share);
      });
    }
  }
}

/** For each row the first share of least error. `blocks` — float32 [n, K], a block a row */
async function leastShares(
  blocks: Values,
  spec: QuantizeSpec,
  errors: Pick<ProductErrors, 'byRow'>,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { K } = spec;
  const shares = new Float32Array(blocks.length / K).fill(1);
  const least = new Float64Array(shares.length).fill(Number.POSITIVE_INFINITY);
  for (const share of CLIP_SHARES) {
    const rows = blocks.slice();
    for (let start = 0; start < rows.length; start += K) cutBlock(rows, start, start + K, share);
    const found = await errors.byRow(roundingErrors(rows, blocks, spec), signal);
    found.forEach((error, row) => {
      if (!(error < (least[row] as number))) return;
      least[row] = error;
      shares[row] = share;
    });
  }
  return shares;
}

/** Columns of rows of K elements, from `first` on. */
function part(rows: Values, K: number, first: number, width: number): Values {
  if (width === K) return rows;
  const columns = new Float32Array((rows.length / K) * width);
  for (let from = first, to = 0; to < columns.length; from += K, to += width) {
    columns.set(rows.subarray(from, from + width), to);
  }
  return columns;
}
