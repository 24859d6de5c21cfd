/** 16 MB: any device binds it, and it is little beside a large weight. */
export const CHUNK_ELEMENTS = 2 ** 22;

/** Where runs of whole rows of [N, K] start and end, one row at least in each. */
export function* rowChunks(
  length: number,
  K: number,
  elements = CHUNK_ELEMENTS,
): Generator<readonly [start: number, end: number]> {
  const step = K * Math.max(1, Math.floor(elements / K));
  for (let start = 0; start < length; start += step) yield [start, Math.min(length, start + step)];
}
