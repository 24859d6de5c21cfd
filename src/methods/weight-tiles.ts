/** Weights as runs of float32 elements, in the order in which they are stored. */
import { elementCount } from '../core/shape.ts';
import type { Tile } from './mask-device.ts';
import { SOURCE_BYTES, type WeightSource } from './weight-source.ts';
import { widenRows } from './widen-rows.ts';

/**
 * Reads `source` in tiles of at most `maxElements`.
 * @throws what `read` throws; the signal's reason when it aborts, checked before each tile
 */
export async function* tilesOf(
  source: WeightSource,
  maxElements: number,
  signal: AbortSignal,
  onTile: (count: number) => void,
): AsyncGenerator<Tile> {
  const total = elementCount(source.dims);
  for (let first = 0; first < total; first += maxElements) {
    signal.throwIfAborted();
    const end = Math.min(first + maxElements, total);
    yield await readTile(source, first, end);
    onTile(end - first);
  }
}

/** Elements `[first, end)` as float32 bits. */
export async function readTile(source: WeightSource, first: number, end: number): Promise<Tile> {
  const width = SOURCE_BYTES[source.dtype];
  const bytes = await source.read(width * first, width * end);
  const tile = new Uint32Array(end - first);
  const length = end - first;
  widenRows(source.dtype, bytes, tile, {
    ...{ rows: 1, rowLength: length, paddedRows: 1, stride: length },
  });
  return tile;
}
