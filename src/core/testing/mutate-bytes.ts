/** Mutations that know nothing of a format: bits, bytes, cuts and splices. */
import type { Random } from '../random.ts';
import { pick } from './fuzz.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes `[start, end)`. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** Values where signs, lengths and varints turn. */
const EDGE_BYTES = [0, 1, 2, 7, 8, 0x0a, 0x22, 0x2c, 0x7f, 0x80, 0x81, 0xfe, 0xff];
const MOST_IN_DULL = 0.05; // share of positions that may fall into dull spans

type Mutation = (bytes: Bytes, at: number, random: Random) => Bytes;

const put = (bytes: Bytes, at: number, value: number): Bytes => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};

export const replaceSpan = (bytes: Uint8Array, { start, end }: ByteSpan, by: Uint8Array): Bytes => {
  const output = new Uint8Array(bytes.length - (end - start) + by.length);
  output.set(bytes.subarray(0, start));
  output.set(by, start);
  output.set(bytes.subarray(end), start + by.length);
  return output;
};

const randomBytes = (random: Random, count: number): Bytes =>
  Uint8Array.from({ length: count }, () => random.below(256));

/** A short stretch from somewhere else in the same bytes. */
const stretch = (bytes: Bytes, random: Random): Bytes => {
  const start = random.below(bytes.length);
  return bytes.slice(start, start + 1 + random.below(32));
};

const MUTATIONS: readonly Mutation[] = [
  (bytes, at, random) => put(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8))),
  (bytes, at, random) => put(bytes, at, random.below(256)),
  (bytes, at, random) => put(bytes, at, pick(random, EDGE_BYTES)),
  (bytes, at, random) => put(bytes, at, ((bytes[at] ?? 0) + (random.below(2) ? 1 : 255)) % 256),
  (bytes, at, random) =>
    replaceSpan(bytes, { start: at, end: at }, randomBytes(random, 1 + random.below(8))),
  (bytes, at, random) => replaceSpan(bytes, { start: at, end: at }, stretch(bytes, random)),
  (bytes, at, random) => {
    const end = Math.min(bytes.length, at + 1 + random.below(8));
    return replaceSpan(bytes, { start: at, end }, new Uint8Array(0));
  },
  (bytes, at, random) => {
    const by = stretch(bytes, random);
    return replaceSpan(bytes, { start: at, end: Math.min(bytes.length, at + by.length) }, by);
  },
  (bytes, at) => bytes.slice(0, at),
  (bytes, at) => bytes.slice(at),
];

/**
 * One change of `bytes`, nearly always outside `dull`.
 * @param dull ascending spans whose content hardly matters, such as raw values
 */
export function mutateBytes(bytes: Bytes, random: Random, dull: readonly ByteSpan[] = []): Bytes {
  if (bytes.length === 0) return randomBytes(random, 1 + random.below(8));
  const inDull = dull.reduce((sum, { start, end }) => sum + end - start, 0);
  const outside = bytes.length - inDull;
  const anywhere = outside <= 0 || random.uniform() < MOST_IN_DULL;
  let at = random.below(anywhere ? bytes.length : outside);
  if (!anywhere) for (const { start, end } of dull) if (at >= start) at += end - start;
  return pick(random, MUTATIONS)(bytes, at, random);
}
