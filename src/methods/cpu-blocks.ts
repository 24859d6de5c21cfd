import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { type HqqZeros, hqqSteps } from '../reference/hqq.ts';
import { hqqBlock } from '../reference/hqq-block.ts';
import { SolvedBlocks } from '../reference/integer-blocks.ts';
import { kQuantBlock } from '../reference/k-quant.ts';
import { nearestEntries } from '../reference/nearest-entries.ts';
import type { SettledBlocks } from '../reference/settled-blocks.ts';
import {
  type BlockDevice,
  type GroupShape,
  groupShapeOf,
  hqqSpecOf,
  type PaletteShape,
} from './block-device.ts';
import { breathe } from './breathe.ts';

/** Between breaths. */
const PAUSE_MS = 20;

/** The reference on this thread; lets messages in between pieces. */
export class CpuBlocks implements BlockDevice {
  async settle(
    kind: 'hqq' | 'k-quant',
    weight: Float32Array<ArrayBuffer>,
    spec: QuantizeSpec,
    signal: AbortSignal,
  ): Promise<SettledBlocks> {
    const pause = pauses(signal);
    const { bits } = spec;
    const start = kind === 'hqq' ? await zerosOf(weight, groupShapeOf(spec), pause) : null;
    const blocks = new SolvedBlocks(weight, spec);
    for (let at = 0; at < blocks.count; at++) {
      const block = blocks.block(at);
      const values = weight.subarray(block.start, block.end);
      const found = start
        ? hqqBlock(values, bits, { step: start.steps[at] ?? 1, zero: start.zeros[at] ?? 0 })
        : kQuantBlock(values, bits);
      blocks.settle(at, found);
      if (at % 64 === 0) await pause();
    }
    return blocks.finish();
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
