/** HQQ and k-quants: the scale and zero point of each block from its values alone. */

import { type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { SolvedBlocks } from '../reference/integer-blocks.ts';
import type { BlockDevice } from './block-device.ts';
import { breathe } from './breathe.ts';
import { channelRows } from './channel-rows.ts';
import { failureOf } from './quantize-job.ts';
import type { QuantizedBy } from './round-to-nearest.ts';
import type { WeightSource } from './weight-source.ts';

/** Blocks between breaths. */
const PIECE = 2 ** 14;

/**
 * Each block keeps what its solver found or, where that is nearer, plain rounding.
 * @throws unsupported-model by name for what cannot be stored; as `BlockDevice`
 */
export async function quantizeBlocks(
  kind: 'hqq' | 'k-quant',
  source: WeightSource,
  spec: QuantizeSpec,
  { blocks: device }: { readonly blocks: BlockDevice },
  signal: AbortSignal,
): Promise<QuantizedBy> {
  const job = { source, spec };
  const weight = await channelRows(source, spec, signal);
  if (!weight.every(Number.isFinite)) {
    const failure = await failureOf(job, { nonFiniteBlocks: 1, overflowingScales: 0 });
    if (failure) throw failure;
  }
  const { K: rowLength, bits } = spec;
  const shape = { rowLength, groupSize: quantizedLayout(spec).blockSize, bits };
  const { scales, zeroPoints } = await device.solve(kind, weight, shape, signal);
  const solved = new SolvedBlocks(weight, spec);
  for (let at = 0; at < solved.count; at++) {
    solved.settle(at, { scale: scales[at] as number, zeroPoint: zeroPoints[at] as number });
    if (at % PIECE === PIECE - 1) await breathe(signal);
  }
  const { count, infiniteScales } = solved;
  const failure = await failureOf(job, { nonFiniteBlocks: 0, overflowingScales: infiniteScales });
  if (failure) throw failure;
  const plain = count - solved.solved;
  const share = Math.max(1, Math.round((100 * plain) / count));
  const note =
    plain === 0 ? null : `Plain rounding was nearer in ${share} % of its blocks and is kept there`;
  return { quantized: solved.finish(), note };
}
