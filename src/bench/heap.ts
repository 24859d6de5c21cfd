/** Heap that a session will want, so that a model too big to run is not tried. */

/** Every build of the runtime stops at 65,536 pages. */
const HEAP_LIMIT_BYTES = 2 ** 32;
/** The runtime takes no larger buffer in one piece. */
const PIECE_LIMIT_BYTES = 2 ** 31;

/**
 * Bytes of heap for sessions of `embedded` bytes in the graphs' files and `external` beside them.
 * Embedded weights are there as part of the file, as tensors and packed; external ones are packed
 * and freed one by one. Measured on float32, without the 17 MB that the runtime itself takes: 2.4
 * (1.2 GB) to 3.9 (67 MB) times embedded weights, 1.1 (1.8 GB) to 1.3 (91 MB) times external ones.
 */
const estimateHeapBytes = (embedded: number, external: number): number =>
  4 * embedded + 1.5 * external;

/** Why a session is not even tried; null if it is. "needs about N GB". */
export function tooBigToRun(embedded: number, external: number): string | null {
  const bytes = estimateHeapBytes(embedded, external);
  if (bytes <= HEAP_LIMIT_BYTES && embedded < PIECE_LIMIT_BYTES) return null;
  return `needs about ${(bytes / 1e9).toFixed(1)} GB; the runtime has ${(HEAP_LIMIT_BYTES / 1e9).toFixed(1)} GB here`;
}
