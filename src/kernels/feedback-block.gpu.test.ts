import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { FEEDBACK_SIDE, feedbackBlock } from './feedback-block.ts';
import { feedbackLosses } from './feedback-losses.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

const SIDE = FEEDBACK_SIDE;
const STRIDE = 96;
const BLOCKS = 3;

test.each([
  [2, 64, 32],
  [4, 32, 13],
  [8, 0, 32],
  [4, 96, 1],
] as const)('%i bits, from column %i, %i columns', async (bits, first, width) => {
  const random = seededRandom(bits + first);
  const K = first + width;
  const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
  const [weight, corrected, panel] = [
    normal(K * STRIDE),
    normal(SIDE * STRIDE),
    normal((first + SIDE + 2) * SIDE),
  ];
  const facts = (first + SIDE) * SIDE;
  for (let i = 0; i < SIDE; i++) {
    panel[facts + i] = 1 + random.uniform();
    panel[facts + SIDE + i] = random.below(BLOCKS);
  }
  const middle = 2 ** (bits - 1);
  const levels = Float32Array.from({ length: 2 * BLOCKS * STRIDE }, (_, i) =>
    i % 2 === 1 ? middle - random.below(2) : i % 14 === 0 ? 0 : (3 + random.uniform()) / middle,
  );
  const goes = Uint32Array.from({ length: (K * STRIDE) / 32 }, () => random.uint32() & 0x11111111);

  using weights = uploaded(gpu, weight);
  using above = uploaded(gpu, corrected);
  using panels = uploaded(gpu, panel);
  using table = uploaded(gpu, levels);
  using marks = uploaded(gpu, goes);
  using errors = guarded(gpu, 4 * K * STRIDE);
  using codes = guarded(gpu, 4 * K * STRIDE);
  using losses = guarded(gpu, 4 * STRIDE, 0x3f800000);
  await gpu.run(
    feedbackBlock(bits),
    {
      corrected: above,
      weight: weights,
      panel: panels,
      levels: table,
      goes: marks,
      errors,
      codes,
      losses,
    },
    { first, width, stride: STRIDE },
  );
  const [lost, found, sums] = [
    new Float32Array(await errors.read()),
    new Uint32Array(await codes.read()),
    new Float32Array(await losses.read()),
  ];
  const sentinel = new Uint32Array(lost.buffer, 0, first * STRIDE);
  expect(sentinel.every((word) => word === 0xbadc0ded)).toBe(true);
  expect(found.subarray(0, first * STRIDE).every((word) => word === 0xbadc0ded)).toBe(true);
  for (let channel = 0; channel < STRIDE; channel++) {
    let loss = 1;
    for (let i = 0; i < width; i++) {
      const at = (first + i) * STRIDE + channel;
      let value = corrected[i * STRIDE + channel] ?? Number.NaN;
      let size = Math.abs(value);
      // The kernel's own errors: what follows one code does not hide in another.
      for (let j = 0; j < i; j++) {
        const term =
          (lost[(first + j) * STRIDE + channel] ?? Number.NaN) *
          (panel[(first + j) * SIDE + i] ?? Number.NaN);
        value += term;
        size += Math.abs(term);
      }
      const block = panel[facts + SIDE + i] ?? Number.NaN;
      const [scale = 0, zero = 0] = levels.subarray(2 * (block * STRIDE + channel));
      const isPruned =
        ((goes[(first + i) * (STRIDE / 32) + (channel >> 5)] ?? Number.NaN) >> (channel & 31)) & 1;
      const steps = scale === 0 ? 0 : value / scale;
      const code = found[at] ?? Number.NaN;
      const top = 2 ** bits - 1;
      const wanted = isPruned ? zero : Math.min(Math.max(steps + zero, 0), top);
      const slack = scale === 0 ? 0 : (size / Math.abs(scale)) * (i + 4) * 2 ** -23;
      expect(Math.abs(code - wanted)).toBeLessThanOrEqual((isPruned ? 0 : 0.5) + slack);
      const kept = (code - zero) * scale;
      expect(lost[at]).toBeCloseTo((weight[at] ?? Number.NaN) - kept, 5);
      loss += (panel[facts + i] ?? Number.NaN) * (value - kept) ** 2;
    }
    expect((sums[channel] ?? Number.NaN) / loss).toBeCloseTo(1, 4);
  }
});

test.each([
  [1, 32],
  [37, 96],
])('losses over %i columns of %i channels', async (K, stride) => {
  const random = seededRandom(K);
  const spread = Float32Array.from({ length: K * stride }, () => random.normal());
  const diagonal = Float32Array.from({ length: K }, () => 1 + random.uniform());
  using values = uploaded(gpu, spread);
  using weights = uploaded(gpu, diagonal);
  using losses = guarded(gpu, 4 * stride);
  await gpu.run(feedbackLosses, { spread: values, diagonal: weights, losses }, { K, stride });
  const found = new Float32Array(await losses.read());
  for (let n = 0; n < stride; n++) {
    let sum = 0;
    for (let k = 0; k < K; k++)
      sum += (diagonal[k] ?? Number.NaN) * (spread[k * stride + n] ?? Number.NaN) ** 2;
    expect((found[n] ?? Number.NaN) / sum).toBeCloseTo(1, 5);
  }
});
