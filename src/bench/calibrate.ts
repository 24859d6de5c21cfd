/** One pass of the runtime over calibration rows: what the weights' operators are given. */
import type { StatisticKind } from '../core/statistic-kind.ts';
import { StudioError } from '../core/studio-error.ts';
import { binEdges, countValues } from '../core/value-histogram.ts';
import type { Feeds, Rows } from '../dataset/rows.ts';
import type { NodeSpec } from '../model/edit.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { Accumulator, type AddGram } from './accumulate.ts';
import { inputVectors, type VectorLayout } from './input-vectors.ts';
import type { Outputs, OutputTensor } from './outputs.ts';
import type { Session } from './session.ts';

/** The inputs of one weight or of several that read the same value. */
export interface Wanted {
  readonly K: number;
  readonly kind: StatisticKind;
  /** Counts of all values in equal bins over [-reach, reach] too. */
  readonly histogram?: { readonly reach: number; readonly bins: number };
  /** Values of the graph and how vectors lie in them; several are summed up together. */
  readonly sources: readonly { readonly value: string; readonly layout: VectorLayout }[];
  /** What makes the values of `sources` where the graph has them not; run after it. */
  readonly nodes?: readonly NodeSpec[];
}

export interface Pass {
  /** Gives every wanted value that is no input of the graph. */
  readonly session: Session;
  readonly rows: Rows;
  /** How many of `rows`, from the first. */
  readonly count: number;
  readonly addGram: AddGram;
  readonly signal: AbortSignal;
  readonly onRow: (done: number) => void;
}

/**
 * Statistics of each of `wanted`, in their order.
 * @throws runtime-failed; the signal's reason, checked before each row
 */
export async function calibrate(
  wanted: readonly Wanted[],
  { session, rows, count, addGram, signal, onRow }: Pass,
): Promise<readonly InputStatistics[]> {
  const sums = wanted.map(({ K, kind }) => new Accumulator(K, kind, addGram));
  const counted = wanted.map(({ histogram }) => histogram && countsOf(histogram));
  for (let row = 0; row < count; row++) {
    signal.throwIfAborted();
    const feeds = await rows.feeds(row);
    const outputs = await session.run(feeds);
    for (const [index, { K, sources }] of wanted.entries()) {
      for (const { value, layout } of sources) {
        const vectors = inputVectors(seenAs(value, outputs, feeds), layout, K);
        await sums[index]?.add(vectors);
        const into = counted[index];
        if (into) countValues(vectors, into.edges, into.counts);
      }
    }
    onRow(row + 1);
  }
  return Promise.all(
    sums.map(async (sum, index) => {
      const counts = counted[index]?.counts;
      return { ...(await sum.finish()), ...(counts && { counts }) };
    }),
  );
}

const countsOf = ({ reach, bins }: NonNullable<Wanted['histogram']>) => ({
  edges: binEdges(-reach, reach, bins),
  counts: new Float64Array(bins),
});

function seenAs(name: string, outputs: Outputs, feeds: Feeds): OutputTensor {
  const found = outputs[name] ?? feeds[name];
  if (found) return found as OutputTensor;
  throw new StudioError('runtime-failed', `The runtime gives no value ${name}.`);
}
