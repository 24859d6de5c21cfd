import { elementCount } from '../core/shape.ts';
import { SOURCE_BYTES, type WeightSource } from './weight-source.ts';
import { widenRows } from './widen-rows.ts';

const CHUNK = 2 ** 21;

/** Elements `[first, first + count)` as float32. */
export async function readElements(
  source: WeightSource,
  first: number,
  count: number,
): Promise<Float32Array<ArrayBuffer>> {
  const width = SOURCE_BYTES[source.dtype];
  const bytes = await source.read(width * first, width * (first + count));
  const words = new Uint32Array(count);
  const shape = { rows: 1, rowLength: count, paddedRows: 1, stride: count };
  widenRows(source.dtype, bytes, words, shape);
  return new Float32Array(words.buffer);
}

/** The whole weight as float32, read a piece at a time. */
export async function readValues(
  source: WeightSource,
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const count = elementCount(source.dims);
  const values = new Float32Array(count);
  for (let first = 0; first < count; first += CHUNK) {
    signal.throwIfAborted();
    values.set(await readElements(source, first, Math.min(CHUNK, count - first)), first);
  }
  return values;
}

/** A weight whose values are in memory. */
export const memorySource = (
  name: string,
  values: Float32Array<ArrayBuffer>,
  dims: readonly number[],
): WeightSource => ({
  ...{ name, dims, dtype: 'float32' },
  read: async (start, end) =>
    values.buffer.slice(values.byteOffset + start, values.byteOffset + end),
});
