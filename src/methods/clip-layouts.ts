/** How rows and products of inputs lie for `awqClips`. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';

export interface ClipBlocks {
  readonly K: number;
  /** Elements of a block; the last of a row may have fewer. */
  readonly length: number;
  /** `length` up to a multiple of 4: elements from block to block. */
  readonly blockSize: number;
  /** Blocks of a row. */
  readonly blockCount: number;
}

type Values = Float32Array<ArrayBuffer>;

export function clipBlocksOf({ K, blockSize }: Pick<QuantizeSpec, 'K' | 'blockSize'>): ClipBlocks {
  const length = blockSize === 'channel' ? K : blockSize;
  return { K, length, blockSize: 4 * Math.ceil(length / 4), blockCount: Math.ceil(K / length) };
}

/** float32 [rows, blockCount, blockSize], padded with zeros, which every rule rounds to 0. */
export function paddedRows(rows: Values, { K, length, blockSize, blockCount }: ClipBlocks): Values {
  if (K === blockCount * blockSize) return rows;
  const padded = new Float32Array((rows.length / K) * blockCount * blockSize);
  for (let row = 0, to = 0; row < rows.length; row += K) {
    for (let first = 0; first < K; first += length, to += blockSize) {
      padded.set(rows.subarray(row + first, row + Math.min(K, first + length)), to);
    }
  }
  return padded;
}

/**
 * The blocks on the diagonal, float32 [blockCount, blockSize, blockSize], padded with zeros; each over
 * its largest value, so that no sum of errors leaves the range of float32.
 * - `gram` — float32 [K, K], symmetric
 */
export function gramBlocks(
  gram: Float32Array,
  { K, length, blockSize, blockCount }: ClipBlocks,
): Values {
  const blocks = new Float32Array(blockCount * blockSize * blockSize);
  for (let b = 0; b < blockCount; b++) {
    const first = b * length;
    const own = Math.min(length, K - first);
    let most = 0;
    for (let i = first; i < first + own; i++) most = Math.max(most, gram[i * K + i] as number);
    if (most === 0) continue;
    for (let i = 0; i < own; i++) {
      const from = (first + i) * K + first;
      const to = (b * blockSize + i) * blockSize;
      for (let j = 0; j < own; j++) blocks[to + j] = (gram[from + j] as number) / most;
    }
  }
  return blocks;
}
