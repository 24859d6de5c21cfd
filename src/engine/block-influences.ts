/** How much each block turns the vectors of the calibration rows. */
import type { Wanted } from '../bench/calibrate.ts';
import { FreshNames } from '../encoders/encode-context.ts';
import { cosineNodes } from '../plan/blocks/cosine-nodes.ts';
import type { Block } from '../shapes/blocks/blocks.ts';
import { inSight, rowsShown } from './calibrating.ts';
import { BUDGET_BYTES } from './calibration.ts';
import type { Job } from './compress-job.ts';
import { statisticsOf } from './statistics-cache.ts';

/** Block → 1 − mean cosine over the tokens; NaN where values are not finite. */
export type Influences = ReadonlyMap<Block, number>;

/**
 * Taken once for the rows that are open.
 * - `most` — rows, at most
 * @returns why nothing is known where nothing is
 * @throws runtime-failed; the signal's reason
 */
export async function blockInfluences(
  job: Job,
  blocks: readonly Block[],
  most: number,
): Promise<Influences | { readonly reason: string }> {
  const { open, calibrator, signal } = job;
  const found = await calibrator.rows(open, signal);
  if ('reason' in found) return found;
  const { rows } = found;
  const cache = statisticsOf(rows, BUDGET_BYTES);
  const keyOf = ({ input, output }: Block) =>
    JSON.stringify([open.variant ?? '', most, 'cosine', input, output]);
  const unknown = blocks.filter((block) => !cache.get(keyOf(block), 'moments'));
  if (unknown.length > 0) {
    const names = new FreshNames(open.model);
    const opset = open.model.opsets.get('') ?? 1;
    const wanted = unknown.map((block): Wanted => {
      const { nodes, value } = cosineNodes(block, opset, names);
      return { K: 1, kind: 'moments', sources: [{ value, layout: 'all' }], nodes };
    });
    const count = Math.min(rows.count, most);
    const shows = rowsShown('reshape', job.progress);
    const sight = { signal, clock: job.clock, working: 'plan', shows };
    const taken = await inSight(sight, (context) =>
      calibrator.pass(open, wanted, { rows, count }, context),
    );
    for (const [index, block] of unknown.entries()) {
      const statistics = taken[index];
      if (statistics) cache.put(keyOf(block), statistics);
    }
  }
  return new Map(
    blocks.map((block) => {
      const { sum, count } = cache.get(keyOf(block), 'moments') ?? { sum: [], count: 0 };
      return [block, 1 - (sum[0] ?? Number.NaN) / count] as const;
    }),
  );
}
