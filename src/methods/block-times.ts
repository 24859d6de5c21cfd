/** Trials of the kernels that fit levels to values. */
import type { Batch } from '../gpu/batch.ts';
import type { OwnedBuffer } from '../gpu/gpu.ts';
import type { AnyKernel } from '../gpu/kernel.ts';
import { hqqBlocks } from '../kernels/hqq-blocks.ts';
import { hqqZeros } from '../kernels/hqq-zeros.ts';
import { kQuantBlocks } from '../kernels/k-quant-blocks.ts';
import { nearestEntries } from '../kernels/nearest-entries.ts';
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

/** 4-bit blocks of 32 by both solvers, and a palette of 16 entries. */
export function blockTrials(weight: OwnedBuffer, elements: number, scratch: Scratch): Trial[] {
  const groups = elements / BLOCK;
  const steps = scratch('steps', 4 * groups);
  const zeros = scratch('zeros', 4 * groups * HQQ_ITERATIONS);
  const errors = scratch('errors', 4 * groups * HQQ_ITERATIONS);
  const blocks = scratch('blocks', 8 * groups);
  const middles = scratch('middles', 4 * (ENTRIES - 1));
  const codes = scratch('codes', elements);
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
