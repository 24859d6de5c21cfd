/** The fixed beginning of a GGUF file: enough to say what the file is. */

export interface GgufHeader {
  /** 1 counts tensors in 32 bits, later ones in 64. */
  readonly version: number;
  readonly tensorCount: bigint;
  readonly metadataCount: bigint;
}

/** A tensor's name length, one character, dimensions, one dimension, type and offset. */
const LEAST_TENSOR_BYTES = 8n + 1n + 4n + 8n + 4n + 8n;
/** A key's length, one character, type and a byte of value. */
const LEAST_METADATA_BYTES = 8n + 1n + 4n + 1n;

/**
 * `"GGUF"` · u32 version · u64 tensors · u64 metadata entries, in the byte order in which the version
 * is small. null for anything else, and where the file is too short for the header or for its counts.
 * - `head` — uint8 [≥ 24], the first bytes
 * - `byteLength` — of the whole file
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function readGgufHeader(head: Uint8Array, byteLength: number): GgufHeader | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 8 || view.getUint32(0) !== 0x47475546) return null;
  const isLittle = (view.getUint32(4, true) & 0xffff) !== 0;
  const version = view.getUint32(4, isLittle);
  if (version === 0 || version > 0xffff) return null;
  const width = version === 1 ? 4 : 8;
  const end = 8 + 2 * width;
  if (head.length < end) return null;
  const count = (offset: number): bigint =>
    width === 4 ? BigInt(view.getUint32(offset, isLittle)) : view.getBigUint64(offset, isLittle);
  const [tensorCount, metadataCount] = [count(8), count(8 + width)];
  const least =
    BigInt(end) + tensorCount * LEAST_TENSOR_BYTES + metadataCount * LEAST_METADATA_BYTES;
  return least <= BigInt(byteLength) ? { version, tensorCount, metadataCount } : null;
}

/** "GGUF version 3, 291 tensors"; null where the header does not say. */
export function ggufFacts(head: Uint8Array, byteLength: number): string | null {
  const header = readGgufHeader(head, byteLength);
  if (!header) return null;
  const { version, tensorCount } = header;
  const count = String(tensorCount).replace(/\B(?=(\d{3})+$)/g, ',');
  return `GGUF version ${version}, ${count} ${tensorCount === 1n ? 'tensor' : 'tensors'}`;
}
