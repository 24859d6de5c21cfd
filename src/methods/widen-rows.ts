import { assert } from '../core/assert.ts';
import { widenBfloat16, widenFloat16 } from '../core/float16.ts';
import { SOURCE_BYTES, type SourceDType } from './weight-source.ts';

export interface RowShape {
  readonly rows: number;
  readonly rowLength: number;
  /** At least `rows` and `rowLength`; what is beyond them becomes 0. */
  readonly paddedRows: number;
  readonly stride: number;
}

/**
 * Widens rows to float32 bit patterns with zeros to the right and below.
 * - `source` — `dtype` [rows, rowLength]
 * - `target` — uint32 [paddedRows, stride]
 */
export function widenRows(
  dtype: SourceDType,
  source: ArrayBuffer,
  target: Uint32Array<ArrayBuffer>,
  { rows, rowLength, paddedRows, stride }: RowShape,
): void {
  assert(source.byteLength === rows * rowLength * SOURCE_BYTES[dtype], 'the whole rows');
  if (stride === rowLength) {
    widen(dtype, source, 0, target.subarray(0, rows * stride));
  } else {
    for (let row = 0; row < rows; row++) {
      const start = row * stride;
      widen(dtype, source, row * rowLength, target.subarray(start, start + rowLength));
      target.fill(0, start + rowLength, start + stride);
    }
  }
  target.fill(0, rows * stride, paddedRows * stride);
}

function widen(
  dtype: SourceDType,
  source: ArrayBuffer,
  first: number,
  target: Uint32Array<ArrayBuffer>,
): void {
  const offset = first * SOURCE_BYTES[dtype];
  const count = target.length;
  if (dtype === 'float32') target.set(new Uint32Array(source, offset, count));
  else if (dtype === 'float16') widenFloat16(new Uint16Array(source, offset, count), target);
  else if (dtype === 'bfloat16') widenBfloat16(new Uint16Array(source, offset, count), target);
  else {
    const floats = new Float32Array(target.buffer, target.byteOffset, count);
    floats.set(new Float64Array(source, offset, count));
  }
}
