import { elementCount } from '../../core/shape.ts';
import type { Tensor } from '../../model/model.ts';
import { malformed } from './malformed.ts';
import type { PayloadSource } from './read-tensor.ts';
import { readTensor, readTensorRange } from './read-tensor.ts';

const CHUNK = 4 * 1024 * 1024; // bytes, whole int64 values; rows may lie across chunks

/**
 * Every index of a sparse tensor lies inside its shape.
 * @throws malformed-model with the first that does not
 */
export async function checkSparse(
  source: PayloadSource,
  { dims, payload }: Tensor,
  path: string,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  if (payload.kind !== 'sparse') return;
  const { indices } = payload;
  const columns = indices.dims.length === 2 ? dims.length : 1;
  const limits = columns === 1 && indices.dims.length === 1 ? [elementCount(dims)] : dims;
  const isRanged = indices.payload.kind === 'raw';
  let position = 0;
  for (let start = 0; start < indices.byteLength; start += CHUNK) {
    signal?.throwIfAborted();
    const end = isRanged ? Math.min(start + CHUNK, indices.byteLength) : indices.byteLength;
    const bytes = isRanged
      ? await readTensorRange(source, indices, start, end)
      : await readTensor(source, indices);
    for (const index of new BigInt64Array(bytes.buffer)) {
      const limit = limits[position % columns] ?? 0;
      if (index < 0n || index >= BigInt(limit)) {
        throw malformed(
          file,
          `has a sparse ${path} whose index ${position} is ${index}, outside 0 to ${limit - 1}`,
          { path: `${path}.indices` },
        );
      }
      position++;
    }
    if (!isRanged) return;
  }
}
