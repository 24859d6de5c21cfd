/** From codes and levels to the bytes of a codebook encoding's stored tensors, and back. */
import { codebookCount, codeOrder, codePlanes, storedCodes } from '../catalog/codebook-layout.ts';
import type { CodebookChoice } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import { assert } from '../core/assert.ts';
import { float16Bits, float16Value } from '../core/float16.ts';
import { NF4_VALUES } from '../core/nf4-values.ts';
import { elementCount } from '../core/shape.ts';
import type { Payloads } from './encoder.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Values = Float32Array<ArrayBuffer>;

export interface CodebookCodes {
  /** uint8 [K · N], one code a byte, in the order of `codeOrder`. */
  readonly codes: Bytes;
  /**
   * float32, as stored: of `nf4` the magnitude of each block, of `k-means` the ascending entries of
   * each codebook, [codebooks, 2^bits].
   */
  readonly levels: Values;
}

/** Stored bytes by role; `codebookLayout` says their dtypes and dims. */
export function codebookPayloads(
  choice: CodebookChoice,
  shape: MatrixShape,
  stored: CodebookCodes,
): Payloads {
  const { codes, levels } = stored;
  const { encoding, entries, bits, scaleType } = choice;
  const levelBytes = new Uint8Array(
    (scaleType === 'float16' ? Uint16Array.from(levels, float16Bits) : levels.slice()).buffer,
  );
  if (encoding === 'matmul-bnb4') return { codes: packHighFirst(codes), scales: levelBytes };
  const count = storedCodes(choice, shape);
  const [low = 0, high] = codePlanes(bits);
  return {
    codes: packPlane(codes, count, low, 0),
    ...(high && { highCodes: packPlane(codes, count, high, low) }),
    ...(entries === 'nf4' ? { scales: levelBytes } : { codebook: levelBytes }),
    ...(encoding === 'codebook-to-uint8' && {
      columnScales: columnScales(codebookValues(choice, shape, stored), shape),
    }),
  };
}

/** What the payloads of an encoding hold. */
export function codebookCodes(
  choice: CodebookChoice,
  shape: MatrixShape,
  { codes, highCodes, codebook, scales }: Payloads,
): CodebookCodes {
  const { encoding, bits, scaleType } = choice;
  const bytes = codebook ?? scales;
  assert(codes && bytes, `${encoding} stores codes and levels`);
  const own = bytes.slice().buffer;
  const levels =
    scaleType === 'float16'
      ? Float32Array.from(new Uint16Array(own), float16Value)
      : new Float32Array(own);
  const single = new Uint8Array(shape.K * shape.N);
  if (encoding === 'matmul-bnb4') {
    for (let i = 0; i < single.length; i++) {
      single[i] = ((codes[i >> 1] ?? 0) >> (i & 1 ? 0 : 4)) & 15;
    }
    return { codes: single, levels };
  }
  const [low = 0, high] = codePlanes(bits);
  addPlane(codes, single, low, 0);
  if (high && highCodes) addPlane(highCodes, single, high, low);
  return { codes: single, levels };
}

/** The values that codes stand for, float32 in the order of the constant's axes. */
export function codebookValues(
  choice: CodebookChoice,
  shape: MatrixShape,
  { codes, levels }: CodebookCodes,
): Values {
  const { blockSize, bits, channels } = choice;
  const { K, N, dims, channelAxis } = shape;
  const values = new Float32Array(K * N);
  if (blockSize !== null) {
    const isTurned = codeOrder(choice, shape) === 'rows';
    for (let i = 0; i < values.length; i++) {
      const level = levels[Math.floor(i / blockSize)] ?? 0;
      const at = isTurned ? (i % K) * N + Math.floor(i / K) : i;
      values[at] = (NF4_VALUES[codes[i] ?? 0] ?? 0) * level;
    }
    return values;
  }
  const inner = elementCount(dims.slice(channelAxis + 1));
  const shared = channels === 'all' ? N : channels;
  for (let i = 0; i < values.length; i++) {
    const codebook = Math.floor((Math.floor(i / inner) % N) / shared);
    values[i] = levels[codebook * 2 ** bits + (codes[i] ?? 0)] ?? 0;
  }
  assert(levels.length === codebookCount(choice, shape) * 2 ** bits, 'whole codebooks');
  return values;
}

/** Two to a byte, the first in the high half. */
function packHighFirst(codes: Bytes): Bytes {
  const packed = new Uint8Array(Math.ceil(codes.length / 2));
  for (let i = 0; i < codes.length; i++) {
    packed[i >> 1] = (packed[i >> 1] ?? 0) | ((codes[i] ?? 0) << (i & 1 ? 0 : 4));
  }
  return packed;
}

/** `width` bits of each code from bit `from` on, the first code in the lowest bits of a byte. */
function packPlane(codes: Bytes, count: number, width: number, from: number): Bytes {
  const packed = new Uint8Array((count * width) / 8);
  const mask = 2 ** width - 1;
  for (let i = 0; i < codes.length; i++) {
    const bit = i * width;
    const field = ((codes[i] ?? 0) >> from) & mask;
    packed[bit >>> 3] = (packed[bit >>> 3] ?? 0) | (field << (bit & 7));
  }
  return packed;
}

function addPlane(packed: Bytes, codes: Uint8Array, width: number, from: number): void {
  const mask = 2 ** width - 1;
  for (let i = 0; i < codes.length; i++) {
    const bit = i * width;
    const field = ((packed[bit >>> 3] ?? 0) >> (bit & 7)) & mask;
    codes[i] = (codes[i] ?? 0) | (field << from);
  }
}

/** Largest magnitude of each column over 127; of a column of zeros 1. */
function columnScales(values: Values, { K, N, transposed }: MatrixShape): Bytes {
  const scales = new Float32Array(N);
  for (let i = 0; i < values.length; i++) {
    const n = transposed ? Math.floor(i / K) : i % N;
    scales[n] = Math.max(scales[n] ?? 0, Math.abs(values[i] ?? 0));
  }
  return new Uint8Array(scales.map((scale) => scale / 127 || 1).buffer);
}
