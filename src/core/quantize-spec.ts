/** What it means to quantize one weight, and how long the results are. */
import { assert } from './assert.ts';

/**
 * - `matmul-nbits`: ONNX Runtime's DEFAULT. Multiplies by the reciprocal of the scale, rounds half
 *   away from zero; symmetric scales take the sign that gives the largest magnitude code 0.
 * - `gather`: ONNX Runtime's embedding tables. Divides by the scale, rounds half to even.
 * - `int8`: ONNX Runtime's `quantize_dynamic` per channel: range ±127 or 0..255, half to even. The
 *   same at 4 bits, symmetric only: ±7 with a positive scale, for runtimes that want one.
 */
export type QuantizeRule = 'matmul-nbits' | 'gather' | 'int8';

/**
 * - `blocks`: uint8 [N, blocks, blockSize · bits / 8]; the last block is padded with code 0.
 * - `rows`: uint8 [N, ceil(K · bits / 8)]; every row starts on a byte.
 * - `columns`: uint8 [paddedK / (8 / bits), N]; byte (i, n) holds rows (8 / bits) · i … of column n,
 *   the first in the lowest bits. `paddedK` is K up to whole blocks (per channel: whole bytes),
 *   filled with code 0.
 */
export type Packing = 'blocks' | 'rows' | 'columns';

export interface QuantizeSpec {
  readonly rule: QuantizeRule;
  readonly bits: 2 | 4 | 8;
  /** Elements along K that share one scale; a multiple of 16. */
  readonly blockSize: number | 'channel';
  readonly symmetric: boolean;
  readonly scaleType: 'float32' | 'float16';
  /** Length of the axis that blocks run along. */
  readonly K: number;
  /** Output channels; for an embedding table [V, E]: N = V, K = E. */
  readonly N: number;
  /** false: stored [K, N]; true: stored [N, K]. */
  readonly transposed: boolean;
  readonly packing: Packing;
  /**
   * Shrinks the range of each block by the factor from 1 down to 0.21 that makes its squared error
   * least, so that outliers saturate and the rest lies on a finer grid. Absent means false.
   */
  readonly clip?: boolean;
}

/** Codes are unsigned: symmetric ones carry an offset of 2^(bits-1). */
export interface Quantized {
  readonly codes: Uint8Array<ArrayBuffer>;
  /** Little-endian float32 or float16; [N, blocks], or [blocks, N] for `columns`. */
  readonly scales: Uint8Array<ArrayBuffer>;
  /**
   * null if symmetric; [N, ceil(blocks · bits / 8)], first in the lowest bits, unused fields of a
   * row holding 2^(bits-1); for `columns` one byte each, [blocks, N].
   */
  readonly zeroPoints: Uint8Array<ArrayBuffer> | null;
  readonly errors: ErrorStatistics;
}

/** Over all elements, with e = w - (q - zeroPoint) · scale and the scale as stored. */
export interface ErrorStatistics {
  readonly sumSquares: number;
  readonly sumSquaredError: number;
  readonly maxAbsError: number;
}

/** 10 log10(Σw² / Σe²); Infinity for no error. */
export const sqnrDb = ({ sumSquares, sumSquaredError }: ErrorStatistics): number =>
  sumSquaredError === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(sumSquares / sumSquaredError);

export interface QuantizedLayout {
  readonly blockSize: number;
  readonly blockCount: number;
  readonly codesByteLength: number;
  readonly scalesByteLength: number;
  /** 0 if symmetric. */
  readonly zeroPointsByteLength: number;
}

/** Byte lengths of `Quantized` as functions of the spec alone. */
export function quantizedLayout(spec: QuantizeSpec): QuantizedLayout {
  const { bits, K, N } = spec;
  const blockSize = spec.blockSize === 'channel' ? K : spec.blockSize;
  assert(K > 0 && N > 0 && Number.isSafeInteger(K * N), `${N} channels of ${K} elements`);
  assert(spec.blockSize === 'channel' || blockSize % 16 === 0, `a block of ${blockSize}`);
  assert(
    spec.rule !== 'int8' || bits === 8 || (bits === 4 && spec.symmetric),
    'the int8 rule has 8 bits, or 4 symmetric ones',
  );
  const blockCount = Math.ceil(K / blockSize);
  const paddedBytes = Math.ceil((blockCount * blockSize * bits) / 8);
  const rowBytes = spec.packing === 'rows' ? Math.ceil((K * bits) / 8) : paddedBytes;
  const scaleBytes = spec.scaleType === 'float16' ? 2 : 4;
  const zeroPointRow = spec.packing === 'columns' ? blockCount : Math.ceil((blockCount * bits) / 8);
  return {
    blockSize,
    blockCount,
    codesByteLength: N * rowBytes,
    scalesByteLength: N * blockCount * scaleBytes,
    zeroPointsByteLength: spec.symmetric ? 0 : N * zeroPointRow,
  };
}
