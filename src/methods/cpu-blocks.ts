import { groupBounds, type HqqZeros, hqqSteps } from '../reference/hqq.ts';
import { hqqBlock } from '../reference/hqq-block.ts';
import { kQuantBlock } from '../reference/k-quant.ts';
import { nearestEntries } from '../reference/nearest-entries.ts';
import {
  type BlockDevice,
  type GroupShape,
  groupCount,
  hqqSpecOf,
  type PaletteShape,
  type SolvedGroups,
} from './block-device.ts';
import { breathe } from './breathe.ts';

/** Between breaths. */
const PAUSE_MS = 20;

/** The reference on this thread; lets messages in between pieces. */
export class CpuBlocks implements BlockDevice {
  async solve(
    kind: 'hqq' | 'k-quant',
    weight: Float32Array<ArrayBuffer>,
    shape: GroupShape,
    signal: AbortSignal,
  ): Promise<SolvedGroups> {
    const pause = pauses(signal);
    const start = kind === 'hqq' ? await zerosOf(weight, shape, pause) : null;
    const groups = groupCount(weight, shape);
    const scales = new Float32Array(groups);
    const zeroPoints = new Float32Array(groups);
    for (let g = 0; g < groups; g++) {
      const values = weight.subarray(...groupBounds(g, shape));
      const { scale, zeroPoint } = start
        ? hqqBlock(values, shape.bits, { step: start.steps[g] ?? 1, zero: start.zeros[g] ?? 0 })
        : kQuantBlock(values, shape.bits);
      scales[g] = scale;
      zeroPoints[g] = zeroPoint;
      if (g % 64 === 0) await pause();
    }
    return { scales, zeroPoints };
  }

  async nearest(
    values: Float32Array<ArrayBuffer>,
    entries: Float32Array<ArrayBuffer>,
    { channels, inner, sharing, size }: PaletteShape,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const pause = pauses(signal);
    const codes = new Uint8Array(values.length);
    const row = channels * inner;
    for (let outer = 0; outer < values.length; outer += row) {
      for (let channel = 0; channel < channels; channel += sharing) {
        const first = outer + channel * inner;
        const end = outer + Math.min(channels, channel + sharing) * inner;
        const palette = (channel / sharing) * size;
        const own = entries.subarray(palette, palette + size);
        codes.set(nearestEntries(values.subarray(first, end), own), first);
      }
      await pause();
    }
    return codes;
  }
}

async function zerosOf(
  weight: Float32Array,
  shape: GroupShape,
  pause: () => Promise<void>,
): Promise<HqqZeros> {
  const steps = hqqSteps(weight, hqqSpecOf(shape));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}

function pauses(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - last < PAUSE_MS) return;
    await breathe(signal);
    last = performance.now();
  };
}
