/** Heap that a session will want, so that a model too big to run is not tried. */

/** Every build of the runtime stops at 65,536 pages. */
export const HEAP_LIMIT_BYTES = 2 ** 32;
/** The runtime takes no larger buffer in one piece. */
export const PIECE_LIMIT_BYTES = 2 ** 31;

/**
 * Bytes of heap for a session of `embedded` bytes in the graph's file and `external` beside it: the
 * file's copy, its tensors and their packed form (measured: about 4 times embedded float weights,
 * twice external ones).
 */
export const estimateHeapBytes = (embedded: number, external: number): number =>
  4 * embedded + 2 * external;

/** Why a session is not even tried; null if it is. "needs about N GB". */
export function tooBigToRun(embedded: number, external: number): string | null {
  const bytes = estimateHeapBytes(embedded, external);
  if (bytes <= HEAP_LIMIT_BYTES && embedded < PIECE_LIMIT_BYTES) return null;
  return `needs about ${(bytes / 1e9).toFixed(1)} GB; the runtime has ${(HEAP_LIMIT_BYTES / 1e9).toFixed(1)} GB here`;
}
