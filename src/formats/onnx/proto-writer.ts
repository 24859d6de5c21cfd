/**
 * Writes protobuf messages, many after each other into shared chunks of memory: a layout of a
 * large model encodes tens of thousands, and a buffer for each would cost more than its bytes.
 */
import { encodeText } from './text.ts';
import { WIRE_BYTES, WIRE_FIXED32, WIRE_VARINT } from './wire-tree.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

const FIRST_CAPACITY = 256;
const LARGEST_CHUNK = 64 * 1024;
const LONGEST_VARINT = 10;

/** The bytes that `write` produces. */
export function encode(write: (writer: ProtoWriter) => void): Bytes {
  const writer = new ProtoWriter();
  write(writer);
  return writer.take();
}

export class ProtoWriter {
  #chunk = new Uint8Array(FIRST_CAPACITY);
  #start = 0; // of what was written since the last `take`
  #length = 0;

  /** What was written since the last call, as a view that stays valid. */
  take(): Bytes {
    const taken = this.#chunk.subarray(this.#start, this.#length);
    this.#start = this.#length;
    return taken;
  }

  varintField(number: number, value: number): void {
    this.#tag(number, WIRE_VARINT);
    this.#varint(value);
  }

  floatField(number: number, value: number): void {
    this.#tag(number, WIRE_FIXED32);
    this.#reserve(4);
    new DataView(this.#chunk.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  textField(number: number, text: string): void {
    if (text.length < 128 && this.#tryAscii(number, text)) return;
    this.bytesField(number, encodeText(text));
  }

  bytesField(number: number, content: Uint8Array): void {
    this.header(number, content.length);
    this.raw(content);
  }

  /** Tag and length of a field whose content is written elsewhere. */
  header(number: number, byteLength: number): void {
    this.#tag(number, WIRE_BYTES);
    this.#varint(byteLength);
  }

  raw(content: Uint8Array): void {
    this.#reserve(content.length);
    this.#chunk.set(content, this.#length);
    this.#length += content.length;
  }

  /**
   * A nested message: its length is put before it once it is known.
   * @param lengthElsewhere bytes at its end that are not written here
   */
  message(number: number, write: (writer: ProtoWriter) => void, lengthElsewhere = 0): void {
    this.#tag(number, WIRE_BYTES);
    this.#reserve(1);
    const before = this.#length - this.#start; // chunks may change meanwhile
    this.#length++; // room for the length of a short message
    write(this);
    this.#reserve(LONGEST_VARINT);
    const start = this.#start + before;
    const written = this.#length - start - 1;
    const byteLength = written + lengthElsewhere;
    if (byteLength < 128) {
      this.#chunk[start] = byteLength;
      return;
    }
    this.#length = start;
    const shift = varintLength(byteLength) - 1;
    this.#chunk.copyWithin(start + 1 + shift, start + 1, start + 1 + written);
    this.#varint(byteLength);
    this.#length += written;
  }

  /** A short string of ASCII characters, as nearly all names are. */
  #tryAscii(number: number, text: string): boolean {
    const before = this.#length - this.#start;
    this.header(number, text.length);
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) {
        this.#length = this.#start + before;
        return false;
      }
      this.#chunk[this.#length++] = code;
    }
    return true;
  }

  #tag(number: number, wireType: number): void {
    this.#varint(number * 8 + wireType);
  }

  /** At most 2^53 − 1, or an int64 below zero. */
  #varint(value: number): void {
    this.#reserve(LONGEST_VARINT);
    if (value < 0 || !Number.isSafeInteger(value)) {
      let wide = BigInt.asUintN(64, clampInt64(value));
      for (; wide > 127n; wide >>= 7n) this.#chunk[this.#length++] = Number(wide & 127n) | 128;
      this.#chunk[this.#length++] = Number(wide);
      return;
    }
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) {
      this.#chunk[this.#length++] = (rest % 128) | 128;
    }
    for (; rest > 127; rest >>>= 7) this.#chunk[this.#length++] = (rest & 127) | 128;
    this.#chunk[this.#length++] = rest;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#chunk.length) return;
    const pending = this.#chunk.subarray(this.#start, this.#length);
    const usual = Math.min(this.#chunk.length * 2, LARGEST_CHUNK);
    this.#chunk = new Uint8Array(Math.max(usual, (pending.length + count) * 2));
    this.#chunk.set(pending);
    this.#start = 0;
    this.#length = pending.length;
  }
}

const varintLength = (value: number): number => {
  let length = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++;
  return length;
};

/** Integers beyond 2^53 were rounded on reading: "to the end" is 2^63 then, one too many. */
function clampInt64(value: number): bigint {
  const wide = BigInt(value);
  const limit = 2n ** 63n;
  if (wide >= limit) return limit - 1n;
  return wide < -limit ? -limit : wide;
}
