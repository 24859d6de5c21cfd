/** Trials of the kernels by which AWQ cuts blocks. */
import type { OwnedBuffer } from '../gpu/gpu.ts';
import { awqClips, CLIP_TRIES } from '../kernels/awq-clips.ts';
import { cutRanges } from '../kernels/cut-ranges.ts';
import { CLIP_SHARES } from './awq-clips.ts';
import type { Scratch, Trial } from './block-times.ts';

const BLOCK = 32;
const ROW = 1024;

/** 4-bit blocks of 32 in rows of 1024. */
export function awqTrials(weight: OwnedBuffer, elements: number, scratch: Scratch): Trial[] {
  const count = elements / BLOCK;
  const all = CLIP_TRIES * count;
  const ranges = scratch('awq/ranges', 8 * count);
  const shares = scratch('awq/shares', 4 * CLIP_TRIES);
  const gram = scratch('awq/gram', 4 * ROW * BLOCK);
  const cuts = scratch('awq/cuts', 8 * all);
  const blocks = scratch('awq/blocks', 16 * all);
  const choices = scratch('awq/choices', 4 * count);
  const clips = awqClips({ bits: 4, divides: false });
  const params = {
    ...{ count, blockCount: ROW / BLOCK, blockSize: BLOCK, columnStride: count },
    ...{ tried: CLIP_SHARES.length, zero: 0 },
  };
  return [
    {
      ...{ kernel: cutRanges.label, elements, bytes: 8 * count + 8 * all },
      kernels: [cutRanges],
      record: (batch) =>
        batch.dispatch(cutRanges, { ranges, shares, cuts }, { count, tried: CLIP_TRIES }),
    },
    {
      ...{ kernel: clips.label, elements, bytes: 4 * elements + 24 * all + 4 * count },
      flop: 2 * CLIP_TRIES * elements * BLOCK,
      kernels: [clips],
      record: (batch) => batch.dispatch(clips, { weight, gram, cuts, blocks, choices }, params),
    },
  ];
}
