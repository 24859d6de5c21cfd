/** Payloads of any kind as raw little-endian bytes. */
import { assert } from '../../core/assert.ts';
import { StudioError } from '../../core/studio-error.ts';
import type { ByteRange, Model, Tensor } from '../../model/model.ts';
import { readBytes } from './forward-reader.ts';
import { fileName } from './pick-model-file.ts';
import { decodeTyped } from './typed-values.ts';

/** As much of a model as reading its tensors takes. */
export type PayloadSource = Pick<Model, 'files'>;

/** The most that is expanded or read at once; larger raw payloads are read by ranges. */
const LARGEST_READ = 2 ** 32;
/** A few bytes in the file may claim any shape, so the file's length is no limit. */
const LARGEST_SPARSE = 2 ** 30;

/**
 * All elements, row-major, little-endian; sub-byte types packed as in `raw_data`.
 * @throws unsupported-model for strings, too-large above 4 GiB, 1 GiB if it is sparse, malformed-model if typed values
 *   are not what the shape needs, missing-file if a file changed
 */
export async function readTensor(
  source: PayloadSource,
  tensor: Tensor,
): Promise<Uint8Array<ArrayBuffer>> {
  const { payload, name, byteLength } = tensor;
  if (tensor.dtype === 'string') {
    throw new StudioError('unsupported-model', `${name} holds strings, which have no raw bytes.`);
  }
  const limit = payload.kind === 'sparse' ? LARGEST_SPARSE : LARGEST_READ;
  if (byteLength > limit) {
    throw new StudioError(
      'too-large',
      `${name} takes ${byteLength} bytes at once, and at most ${limit} can be held.`,
    );
  }
  switch (payload.kind) {
    case 'raw':
      return readRange(source, payload.range);
    case 'inline':
      return payload.bytes.slice();
    case 'typed': {
      const runs = await Promise.all(
        payload.ranges.map(async (range) => ({
          wireType: range.wireType,
          bytes: await readRange(source, range),
        })),
      );
      const file = fileName(source.files[0]?.path ?? '');
      return decodeTyped(tensor, payload.field, runs, file);
    }
    case 'sparse':
      return expandSparse(source, tensor, payload.values, payload.indices);
  }
}

/** Bytes `[byteStart, byteEnd)` of `readTensor`, without reading the rest if they are stored raw. */
export async function readTensorRange(
  source: PayloadSource,
  tensor: Tensor,
  byteStart: number,
  byteEnd: number,
): Promise<Uint8Array<ArrayBuffer>> {
  assert(
    byteStart >= 0 && byteStart <= byteEnd && byteEnd <= tensor.byteLength,
    `${tensor.name} has bytes ${byteStart} to ${byteEnd}`,
  );
  if (tensor.payload.kind !== 'raw') {
    return (await readTensor(source, tensor)).slice(byteStart, byteEnd);
  }
  const { file, start } = tensor.payload.range;
  return readRange(source, { file, start: start + byteStart, end: start + byteEnd });
}

function readRange(
  source: PayloadSource,
  { file, start, end }: ByteRange,
): Promise<Uint8Array<ArrayBuffer>> {
  const sourceFile = source.files[file];
  assert(sourceFile, `the model has a file ${file}`);
  return readBytes(sourceFile.blob, start, end, fileName(sourceFile.path));
}

async function expandSparse(
  source: PayloadSource,
  { byteLength, dims, name }: Tensor,
  values: Tensor,
  indices: Tensor,
): Promise<Uint8Array<ArrayBuffer>> {
  const nonZeros = values.dims[0] ?? 0;
  const width = nonZeros === 0 ? 1 : values.byteLength / nonZeros;
  if (!Number.isInteger(width)) {
    throw new StudioError('unsupported-model', `${name} is sparse with elements below one byte.`);
  }
  const [packed, positions] = await Promise.all([
    readTensor(source, values),
    readTensor(source, indices),
  ]);
  const rows = new BigInt64Array(positions.buffer);
  const columns = indices.dims.length === 2 ? dims.length : 1;
  const dense = new Uint8Array(byteLength);
  for (let entry = 0; entry < nonZeros; entry++) {
    let at = 0;
    for (let column = 0; column < columns; column++) {
      const extent = columns === 1 ? 1 : dims[column]!;
      at = at * extent + Number(rows[entry * columns + column]);
    }
    dense.set(packed.subarray(entry * width, (entry + 1) * width), at * width);
  }
  return dense;
}
