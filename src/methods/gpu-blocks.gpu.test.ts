import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { CpuBlocks } from './cpu-blocks.ts';
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

test.each(['hqq', 'k-quant'] as const)('%s: as near as the reference, in tiles', async (kind) => {
  const spec: QuantizeSpec = {
    ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: false, scaleType: 'float16' },
    ...{ K, N, transposed: true, packing: 'blocks' },
  };
  const source = memorySource('W', weight, [N, K]);
  const results = await Promise.all(
    [own, wanted].map((blocks) => quantizeBlocks(kind, source, spec, { blocks }, signal)),
  );
  const [onGpu, onCpu] = results.map(({ quantized }) => quantized);
  const ratio = (onGpu?.errors.sumSquaredError ?? 9) / (onCpu?.errors.sumSquaredError ?? 1);
  expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  expect(onGpu?.codes.length).toBe(onCpu?.codes.length);
  const again = await quantizeBlocks(kind, source, spec, { blocks: own }, signal);
  expect(again.quantized).toEqual(onGpu);
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
  const shape = { rowLength: K, groupSize: 32, bits: 4 };
  for (const device of [own, wanted]) {
    await expect(device.solve('hqq', weight, shape, stopped)).rejects.toThrow(/abort/i);
  }
});
