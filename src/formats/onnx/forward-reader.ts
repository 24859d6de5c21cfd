/**
 * Reads a Blob strictly forward through one window, so that payloads which are skipped are never
 * in memory. The window starts small after a jump and doubles while reading is sequential.
 */
import { StudioError } from '../../core/studio-error.ts';
import { malformed } from './malformed.ts';

const FIRST_WINDOW = 16 * 1024;
const LARGEST_WINDOW = 1024 * 1024;
const LONGEST_VARINT = 10;

export class ForwardReader {
  position = 0;
  readonly byteLength: number;
  readonly #blob: Blob;
  readonly #file: string;
  #window = new Uint8Array(0);
  #windowStart = 0;
  #windowLength = FIRST_WINDOW;

  constructor(blob: Blob, file: string) {
    this.#blob = blob;
    this.#file = file;
    this.byteLength = blob.size;
  }

  /** Whether the next `count` bytes, or all up to the end of the file, are in the window. */
  ready(count: number): boolean {
    const from = this.position - this.#windowStart;
    const end = Math.min(this.position + count, this.byteLength) - this.#windowStart;
    return from >= 0 && end <= this.#window.length;
  }

  /** Makes the next `count` bytes ready. */
  async fill(count: number): Promise<void> {
    const windowEnd = this.#windowStart + this.#window.length;
    const sequential = this.position <= windowEnd;
    this.#windowLength = sequential
      ? Math.min(this.#windowLength * 2, LARGEST_WINDOW)
      : FIRST_WINDOW;
    const end = Math.min(this.position + Math.max(count, this.#windowLength), this.byteLength);
    this.#window = await readBytes(this.#blob, this.position, end, this.#file);
    this.#windowStart = this.position;
  }

  /**
   * A base-128 varint of at most 64 bits that ends before `end`; a bigint above 2^53 − 1.
   * The window must hold it.
   */
  varint(end: number, place: () => string): number | bigint {
    const start = this.position;
    const first = this.#window[start - this.#windowStart];
    if (first !== undefined && first < 128 && start < end) {
      this.position++;
      return first;
    }
    let low = 0;
    let scale = 1;
    let wide = 0n;
    for (let index = 0; index < LONGEST_VARINT; index++) {
      if (this.position >= end) throw this.#cut(start, place());
      const byte = this.#window[this.position++ - this.#windowStart]!;
      if (index < 7) {
        low += (byte & 127) * scale;
        scale *= 128;
      } else {
        wide |= BigInt(byte & 127) << BigInt(7 * index);
      }
      if (byte >= 128) continue;
      if (index < 7) return low;
      if (index === LONGEST_VARINT - 1 && byte > 1) break;
      const value = wide | BigInt(low);
      return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
    }
    throw malformed(
      this.#file,
      `has a number of more than 64 bits in ${place()} at byte ${start}`,
      {
        offset: start,
      },
    );
  }

  /** The next four bytes as an unsigned number. */
  fixed32(): number {
    const at = this.position - this.#windowStart;
    this.position += 4;
    const bytes = this.#window;
    return (
      (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
    );
  }

  /** A copy of the next `count` bytes, which must be ready. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const at = this.position - this.#windowStart;
    this.position += count;
    return this.#window.slice(at, at + count);
  }

  #cut(offset: number, place: string): StudioError {
    return malformed(this.#file, `is cut short inside ${place} at byte ${offset}`, { offset });
  }
}

/**
 * Bytes `[start, end)` of a file.
 * @throws missing-file if it can no longer be read as it was when it was opened
 */
export async function readBytes(
  blob: Blob,
  start: number,
  end: number,
  file: string,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
  } catch (cause) {
    throw new StudioError(
      'missing-file',
      `${file} can no longer be read at byte ${start}; it was moved or changed. Open it again.`,
      { cause, detail: { file, offset: start } },
    );
  }
  if (bytes.length !== end - start) {
    throw new StudioError(
      'missing-file',
      `${file} became shorter than ${end} bytes after it was opened. Open it again.`,
      { detail: { file, offset: start + bytes.length } },
    );
  }
  return bytes;
}
