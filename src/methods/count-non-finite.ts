import { elementCount } from '../core/shape.ts';
import { SOURCE_BYTES, type WeightSource } from './weight-source.ts';
import { widenRows } from './widen-rows.ts';

const CHUNK = 2 ** 21;

/** How many elements are NaN or infinite; reads the whole weight, a piece at a time. */
export async function countNonFinite(source: WeightSource): Promise<number> {
  const length = elementCount(source.dims);
  const width = SOURCE_BYTES[source.dtype];
  const words = new Uint32Array(Math.min(CHUNK, length));
  let count = 0;
  for (let start = 0; start < length; start += CHUNK) {
    const rowLength = Math.min(CHUNK, length - start);
    const bytes = await source.read(width * start, width * (start + rowLength));
    const shape = { rows: 1, rowLength, paddedRows: 1, stride: rowLength };
    widenRows(source.dtype, bytes, words, shape);
    for (let i = 0; i < rowLength; i++) {
      if (((words[i] as number) & 0x7f800000) === 0x7f800000) count += 1;
    }
  }
  return count;
}
