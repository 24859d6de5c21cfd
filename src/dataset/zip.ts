/**
 * Entries of a zip archive, read by ranges and inflated with every length checked: a header that
 * lies about a size costs no memory. Stored and deflated entries, zip64; no encryption.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { inflateSync } from 'fflate';
import { StudioError } from '../core/studio-error.ts';
import { crc32 } from './crc32.ts';

const ENTRY_LIMIT = 4096;
const DIRECTORY_LIMIT = 16 * 2 ** 20;
/** Bytes of all entries together after inflating. */
export const INFLATED_LIMIT = 2 ** 30;
/** Deflate cannot shrink more than 1032 : 1. */
const DEFLATE_RATIO = 1032;

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedByteLength: number;
  readonly byteLength: number;
  readonly offset: number;
}

/** Lists the entries of the archive `blob`. @throws bad-dataset, too-large naming `path` */
export async function listZip(path: string, blob: Blob): Promise<ZipEntry[]> {
  const broken = (fact: string) => damaged(path, fact);
  const tail = await bytesOf(blob, Math.max(0, blob.size - 65_557), blob.size);
  const tailView = viewOf(tail);
  let end = tail.length - 22;
  while (end >= 0 && tailView.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw broken('it has no zip directory');
  let count = tailView.getUint16(end + 10, true);
  let length = tailView.getUint32(end + 12, true);
  let start = tailView.getUint32(end + 16, true);
  if (end >= 20 && tailView.getUint32(end - 20, true) === 0x07064b50) {
    const at = Number(tailView.getBigUint64(end - 12, true));
    const zip64 = viewOf(await bytesOf(blob, at, at + 56));
    if (zip64.byteLength < 56 || zip64.getUint32(0, true) !== 0x06064b50) {
      throw broken('its zip64 directory is missing');
    }
    count = Number(zip64.getBigUint64(32, true));
    length = Number(zip64.getBigUint64(40, true));
    start = Number(zip64.getBigUint64(48, true));
  }
  if (count > ENTRY_LIMIT || length > DIRECTORY_LIMIT) {
    throw tooLarge(path, `lists ${count} entries; at most ${ENTRY_LIMIT} are read`);
  }
  const directory = await bytesOf(blob, start, start + length);
  if (directory.length < length) throw broken('its directory lies outside the file');
  return readDirectory(directory, count, broken);
}

function readDirectory(
  directory: Uint8Array,
  count: number,
  broken: (fact: string) => StudioError,
): ZipEntry[] {
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) {
      throw broken(`entry ${index} of its directory is cut off`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw broken(`entry ${index} of its directory is cut off`);
    if (view.getUint16(at + 8, true) & 1) throw broken('it is encrypted');
    const sizes = [
      view.getUint32(at + 24, true), // in the order in which zip64 extends them
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ];
    const extra = at + 46 + nameLength;
    extendToZip64(sizes, new DataView(view.buffer, view.byteOffset + extra, extraLength));
    const [byteLength = 0, packedByteLength = 0, offset = 0] = sizes;
    entries.push({
      name: new TextDecoder().decode(directory.subarray(at + 46, extra)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedByteLength,
      byteLength,
      offset,
    });
    at = next;
  }
  return entries;
}

/** Replaces each 0xffffffff by the next 64-bit number of the zip64 extra field. */
function extendToZip64(sizes: number[], extra: DataView): void {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const id = extra.getUint16(at, true);
    const end = Math.min(at + 4 + extra.getUint16(at + 2, true), extra.byteLength);
    if (id === 1) {
      let value = at + 4;
      sizes.forEach((size, index) => {
        if (size !== 0xffffffff || value + 8 > end) return;
        sizes[index] = Number(extra.getBigUint64(value, true));
        value += 8;
      });
    }
    at = end;
  }
}

/**
 * The bytes of one entry, checked against its length and CRC-32.
 * @throws bad-dataset if it is damaged, too-large over 1 GiB
 */
export async function readZipEntry(
  path: string,
  blob: Blob,
  entry: ZipEntry,
): Promise<Uint8Array<ArrayBuffer>> {
  const broken = (fact: string) => damaged(path, `its entry ${entry.name} ${fact}`);
  if (entry.byteLength > INFLATED_LIMIT) {
    throw tooLarge(path, `holds ${entry.name} of ${entry.byteLength} B; at most 1 GiB is read`);
  }
  if (entry.byteLength > entry.packedByteLength * DEFLATE_RATIO) {
    throw broken(`claims ${entry.byteLength} B from ${entry.packedByteLength} B`);
  }
  const local = viewOf(await bytesOf(blob, entry.offset, entry.offset + 30));
  if (local.byteLength < 30 || local.getUint32(0, true) !== 0x04034b50) {
    throw broken('is not where the directory says');
  }
  const start = entry.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = await bytesOf(blob, start, start + entry.packedByteLength);
  if (packed.length < entry.packedByteLength) throw broken('is cut off');
  const bytes = unpack(packed, entry, broken);
  if (bytes.length !== entry.byteLength) {
    throw broken(`does not give the ${entry.byteLength} B it claims`);
  }
  if (crc32(bytes) !== entry.crc) throw broken('fails its checksum');
  return bytes;
}

function unpack(
  packed: Uint8Array<ArrayBuffer>,
  entry: ZipEntry,
  broken: (fact: string) => StudioError,
): Uint8Array<ArrayBuffer> {
  if (entry.method === 0) return packed;
  if (entry.method !== 8) throw broken(`is packed by method ${entry.method}, not deflate`);
  try {
    // One byte more than claimed shows an entry that gives more; the buffer never grows.
    return inflateSync(packed, { out: new Uint8Array(entry.byteLength + 1) });
  } catch (cause) {
    throw broken(`cannot be inflated (${cause instanceof Error ? cause.message : cause})`);
  }
}

const bytesOf = async (blob: Blob, start: number, end: number) =>
  new Uint8Array(await blob.slice(start, Math.max(start, end)).arrayBuffer());

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const damaged = (path: string, fact: string) =>
  new StudioError('bad-dataset', `${path} is damaged: ${fact}. Write it again.`, {
    detail: { file: path },
  });

const tooLarge = (path: string, fact: string) =>
  new StudioError('too-large', `${path} ${fact}. Keep fewer rows.`, { detail: { file: path } });
