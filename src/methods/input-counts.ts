/** How much the values of a weight count, by what they are multiplied by. */
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import type { InputStatistics } from '../model/statistics.ts';

export type SeenInputs = Pick<InputStatistics, 'sumSquares'>;

/** Consecutive output channels; `inner` — values of one channel that lie side by side. */
export interface ChannelRun {
  readonly first: number;
  readonly sharing: number;
  readonly inner: number;
}

/** Of the mean square of inputs, added to each, so that channels that were never seen count too. */
const LEAST_COUNT = 0.01;

interface Counts {
  /** By input, its mean 1 + `LEAST_COUNT`; null: all alike. */
  readonly counts: Float64Array | null;
  /** What a person should know; null for nothing. */
  readonly note: string | null;
}

export function countsOf(inputs: SeenInputs | null): Counts {
  if (!inputs) return { counts: null, note: null };
  const { sumSquares } = inputs;
  const mean = sumSquares.reduce((sum, x) => sum + x, 0) / sumSquares.length;
  if (!Number.isFinite(mean)) return { counts: null, note: `${UNWEIGHED} are not finite` };
  if (mean === 0) return { counts: null, note: `${UNWEIGHED} are all 0` };
  return { counts: sumSquares.map((square) => square / mean + LEAST_COUNT), note: null };
}

const UNWEIGHED = 'Palettes by values alone: its inputs';

/** What the values of a run of channels count, one run of its inputs after another. */
export function countsOfValues(
  counts: Float64Array,
  length: number,
  { N }: MatrixShape,
  { first, sharing, inner }: ChannelRun,
): Float64Array {
  const channels = Math.min(N, first + sharing) - first;
  return Float64Array.from({ length }, (_, i) => {
    const outer = Math.floor(i / (channels * inner));
    return counts[outer * inner + (i % inner)] as number;
  });
}
