/** HQQ and k-quants: the scale and zero point of each block from its values alone. */

import { allFinite } from '../core/all-finite.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { packBlocks } from '../reference/settled-blocks.ts';
import type { BlockDevice } from './block-device.ts';
import { channelRows } from './channel-rows.ts';
import { failureOf } from './quantize-job.ts';
import type { QuantizedBy } from './round-to-nearest.ts';
import type { WeightSource } from './weight-source.ts';

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
  if (!allFinite(weight)) {
    const failure = await failureOf(job, { nonFiniteBlocks: 1, overflowingScales: 0 });
    if (failure) throw failure;
  }
  const settled = await device.settle(kind, weight, spec, signal);
  const { solved, infiniteScales } = settled;
  const failure = await failureOf(job, { nonFiniteBlocks: 0, overflowingScales: infiniteScales });
  if (failure) throw failure;
  const count = settled.scales.length;
  const plain = count - solved;
  const share = Math.max(1, Math.round((100 * plain) / count));
  const note =
    plain === 0 ? null : `Plain rounding was nearer in ${share} % of its blocks and is kept there`;
  return { quantized: packBlocks(settled, spec), note };
}
