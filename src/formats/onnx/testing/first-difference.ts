/** Where two plain structures differ, as a path and both values; null if nowhere. */

/** Stands for any value. */
export const ANY = Symbol('any value');

export function firstDifference(ours: unknown, theirs: unknown, path = ''): string | null {
  if (theirs === ANY || ours === ANY || Object.is(ours, theirs)) return null;
  if (ours instanceof Uint8Array && theirs instanceof Uint8Array) {
    return sameBytes(ours, theirs) ? null : differ(ours.slice(0, 16), theirs.slice(0, 16), path);
  }
  if (ours instanceof Map && theirs instanceof Map) {
    return inRecords(Object.fromEntries(ours), Object.fromEntries(theirs), path);
  }
  if (ours === null || theirs === null || typeof ours !== 'object' || typeof theirs !== 'object') {
    return differ(ours, theirs, path);
  }
  if (Array.isArray(ours) !== Array.isArray(theirs)) return differ(ours, theirs, path);
  return inRecords({ ...ours }, { ...theirs }, path);
}

function inRecords(
  ours: Readonly<Record<string, unknown>>,
  theirs: Readonly<Record<string, unknown>>,
  path: string,
): string | null {
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const found = firstDifference(ours[key], theirs[key], `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

const differ = (ours: unknown, theirs: unknown, path: string): string =>
  `${path}: Whittle reads ${shown(ours)}, protobuf ${shown(theirs)}`;

const shown = (value: unknown): string =>
  (
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ??
    'nothing'
  ).slice(0, 300);

/** Node's own comparison: weights have millions of bytes. */
const { Buffer: native } = globalThis as unknown as {
  Buffer: { compare(a: Uint8Array, b: Uint8Array): number };
};

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => native.compare(a, b) === 0;
