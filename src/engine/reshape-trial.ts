/** Judging and refitting of made-up layers, to learn how long reshaping takes. */
import { REFIT_DAMPING } from '../core/cut-spec.ts';
import { seededRandom } from '../core/random.ts';
import { leastLossOrder } from '../methods/least-loss.ts';
import type { Graph } from '../model/model.ts';
import type { Structure } from '../plan/structure/structure.ts';
import { Elimination } from '../reference/eliminate.ts';
import { cutWork } from './reshape-progress.ts';

/** Of all layers that cut units feed, in the measure of `cutWork`. */
export const reshapeWork = ({ cuts }: Structure, graph: Graph): number =>
  cuts
    .flatMap((cut) =>
      cut.group.takers.map(({ tensor, axis }) => {
        const { judging, refitting } = cutWork(cut, graph.tensors.get(tensor)?.dims ?? [], axis);
        return judging + refitting;
      }),
    )
    .reduce((sum, work) => sum + work, 0);

/** Judges a square layer of about `work`; gives what it had. */
export async function reshapeTrial(work: number, signal: AbortSignal): Promise<number> {
  const K = Math.max(8, Math.round(Math.cbrt(work / 2)));
  const random = seededRandom(1);
  const gram = Float32Array.from({ length: K * K }, (_, at) => (at % (K + 1) === 0 ? K : 1));
  const moments = { K, count: K, sum: new Float64Array(K), gram };
  const weights = Float32Array.from({ length: K * K }, () => random.normal());
  const fit = { hasBias: true, damping: REFIT_DAMPING };
  const inputs = Array.from({ length: K }, (_, k) => [k]);
  const takers = [{ elimination: new Elimination(weights, K, moments, fit), inputs }];
  await leastLossOrder(takers, K >> 1, { signal, onShare: () => {} });
  return 2 * K ** 3;
}
