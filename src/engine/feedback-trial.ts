import type { Executor } from '../methods/executor.ts';
import { layerFactor } from '../methods/layer-factor.ts';
import type { MatrixView } from '../plan/matrix-view.ts';

const SIDE = 128;
/** Enough work for a clock to tell. */
const LEAST_CHANNELS = 256;

/** Operations of error feedback: a factor, a walk along it, and what plain rounding would cost. */
export const feedbackCost = ({ K, N }: Pick<MatrixView, 'K' | 'N'>): number =>
  2 * N * K * K + K ** 3 / 3;

/** Does about `cost` of them, and says how many. */
export async function feedbackTrial(
  cost: number,
  { feedback }: Executor,
  signal: AbortSignal,
): Promise<number> {
  const N = Math.max(LEAST_CHANNELS, Math.ceil(cost / (2 * SIDE * SIDE)));
  const gram = new Float32Array(SIDE * SIDE);
  for (let k = 0; k < SIDE; k++) gram[k * (SIDE + 1)] = 1;
  const inputs = { K: SIDE, count: SIDE, gram };
  const layer = await layerFactor(inputs, { damping: 0.01, order: 'activation' }, signal);
  if ('refused' in layer) throw new Error('the identity has a factor');
  const { factor } = layer;
  const weight = new Float32Array(N * SIDE).fill(1);
  const task = { N, weight, factor, prune: null, goes: null, grid: null };
  const { errors } = await feedback.settle(task, signal);
  await feedback.losses(errors, N, factor, signal);
  return feedbackCost({ K: SIDE, N });
}
