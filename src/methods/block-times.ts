/** Trials of the kernels that fit levels to values. */
import type { Batch } from '../gpu/batch.ts';
import type { OwnedBuffer } from '../gpu/gpu.ts';
import type { AnyKernel } from '../gpu/kernel.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { groupRanges } from '../kernels/group-ranges.ts';
import { hqqBlocks } from '../kernels/hqq-blocks.ts';
import { hqqZeros } from '../kernels/hqq-zeros.ts';
import { kQuantBlocks } from '../kernels/k-quant-blocks.ts';
import { nearestEntries } from '../kernels/nearest-entries.ts';
import { settleBlocks } from '../kernels/settle-blocks.ts';
import { HQQ_ITERATIONS } from '../reference/hqq.ts';
import type { KernelProfile } from './rtn-profile.ts';

export interface Trial extends Omit<KernelProfile, 'durationMs'> {
  readonly kernels: readonly AnyKernel[];
  readonly record: (batch: Batch) => void;
}

export type Scratch = (label: string, byteLength: number) => OwnedBuffer;

const BLOCK = 32;
const ROW = 1024;
const ENTRIES = 16;

/** 4-bit blocks of 32 by both solvers, beside plain rounding, and a palette of 16 entries. */
export function blockTrials(weight: OwnedBuffer, elements: number, scratch: Scratch): Trial[] {
  const groups = elements / BLOCK;
  const steps = scratch('steps', 4 * groups);
  const zeros = scratch('zeros', 4 * groups * HQQ_ITERATIONS);
  const errors = scratch('errors', 4 * groups * HQQ_ITERATIONS);
  const blocks = scratch('blocks', 8 * groups);
  const middles = scratch('middles', 4 * (ENTRIES - 1));
  const codes = scratch('codes', elements);
  const plain = {
    blocks: scratch('plain', 16 * groups),
    scales: scratch('plain-scales', 4 * groups),
    zeroPoints: scratch('plain-zero-points', groups),
    faults: scratch('faults', 8),
  };
  const ranges = scratch('group-ranges', 8 * groups);
  const settled = {
    codes: scratch('settled-codes', elements),
    kept: scratch('kept', 8 * groups),
    errors: scratch('settled-errors', 16 * groups),
  };
  const rounding = blockParameters({
    ...{ rule: 'matmul-nbits', bits: 4, symmetric: false, scaleType: 'float32' },
  });
  const settling = settleBlocks({ bits: 4, divides: false, scaleType: 'float32' });
  const shape = { groups, rowLength: ROW, groupSize: BLOCK, bits: 4 };
  const iterations = HQQ_ITERATIONS;
  return [
    {
      kernel: `hqq-zeros of ${iterations} iterations, hqq-blocks`,
      ...{ elements, bytes: 8 * elements + (4 + 8 * iterations + 8 + 8) * groups },
      kernels: [hqqZeros, hqqBlocks],
      record: (batch) => {
        const found = { weight, steps, zeros, errors };
        batch.dispatch(hqqZeros, found, { ...shape, roundZero: 1, iterations });
        batch.dispatch(hqqBlocks, { weight, steps, zeros, blocks }, shape);
      },
    },
    {
      ...{ kernel: 'k-quant-blocks', elements, bytes: 4 * elements + 8 * groups },
      kernels: [kQuantBlocks],
      record: (batch) => batch.dispatch(kQuantBlocks, { weight, blocks }, shape),
    },
    {
      kernel: 'group-ranges, block-parameters, settle-blocks',
      ...{ elements, bytes: 9 * elements + (8 + 8 + 21 + 16 + 8 + 8 + 16) * groups },
      kernels: [groupRanges, rounding, settling],
      record: (batch) => {
        batch.dispatch(groupRanges, { weight, ranges }, shape);
        batch.dispatch(rounding, { ranges, ...plain }, { count: groups });
        const compared = { weight, found: blocks, blocks: plain.blocks, ...settled };
        batch.dispatch(settling, compared, { ...shape, zero: 0 });
      },
    },
    {
      ...{ kernel: `nearest-entries of ${ENTRIES}`, elements, bytes: 5 * elements },
      kernels: [nearestEntries],
      record: (batch) => {
        const all = { channels: ROW, inner: 1, sharing: ROW, size: ENTRIES };
        const params = { count: elements, first: 0, ...all };
        batch.dispatch(nearestEntries, { values: weight, middles, codes }, params);
      },
    },
  ];
}
