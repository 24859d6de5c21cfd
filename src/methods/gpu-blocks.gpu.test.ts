import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { dequantize } from '../reference/dequantize.ts';
import { CpuBlocks } from './cpu-blocks.ts';
import { errorsOf } from './errors.ts';
import { GpuBlocks } from './gpu-blocks.ts';
import { quantizeBlocks } from './quantize-blocks.ts';
import { memorySource } from './read-values.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());
const { signal } = new AbortController();
const [K, N] = [100, 50];
const random = seededRandom(2);
const weight = Float32Array.from({ length: K * N }, () => random.normal() * 0.05);
/** Tiles of a few rows. */
const own = new GpuBlocks(gpu, 1000);
const wanted = new CpuBlocks();

const spec: QuantizeSpec = {
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: false, scaleType: 'float16' },
  ...{ K, N, transposed: true, packing: 'blocks' },
};

test.each(['hqq', 'k-quant'] as const)('%s: as near as the reference, in tiles', async (kind) => {
  const source = memorySource('W', weight, [N, K]);
  const results = await Promise.all(
    [own, wanted].map((blocks) => quantizeBlocks(kind, source, spec, { blocks }, signal)),
  );
  const [onGpu, onCpu] = results.map(({ quantized }) => quantized);
  if (!onGpu || !onCpu) throw new Error('both give codes');
  // The last bits of a search decide between scales that serve a block about as well.
  const ratio = onGpu.errors.sumSquaredError / onCpu.errors.sumSquaredError;
  expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  expect(onGpu.codes.length).toBe(onCpu.codes.length);
  const stored = dequantize(onGpu, spec);
  const lost = errorsOf(
    weight,
    weight.map((w, i) => w - (stored[i] ?? Number.NaN)),
  );
  for (const name of ['sumSquares', 'sumSquaredError', 'maxAbsError'] as const) {
    expect(Math.abs(onGpu.errors[name] / lost[name] - 1), name).toBeLessThan(1e-5);
  }
  const again = await quantizeBlocks(kind, source, spec, { blocks: own }, signal);
  expect(again.quantized).toEqual(onGpu);
});

test.each(['hqq', 'k-quant'] as const)('%s: scales too large for float16', async (kind) => {
  const values = Float32Array.from(weight, (w, i) => (i < K ? 1e8 * w : w));
  const source = memorySource('W', values, [N, K]);
  const messages = await Promise.all(
    [own, wanted].map((blocks) =>
      quantizeBlocks(kind, source, spec, { blocks }, signal).catch((error) => error.message),
    ),
  );
  expect(messages[0]).toMatch(/^4 scales of W exceed 65,504/);
  expect(messages[0]).toBe(messages[1]);
});

test('palettes: the same codes in tiles', async () => {
  const shape = { channels: N, inner: 1, sharing: 16, size: 8 };
  const entries = Float32Array.from({ length: 4 * 8 }, (_, i) => ((i % 8) - 4) * 0.02);
  expect(await own.nearest(weight, entries, shape, signal)).toEqual(
    await wanted.nearest(weight, entries, shape, signal),
  );
});

test('ends when it is told to', async () => {
  const stopped = AbortSignal.abort();
  for (const device of [own, wanted]) {
    await expect(device.settle('hqq', weight, spec, stopped)).rejects.toThrow(/abort/i);
  }
});
