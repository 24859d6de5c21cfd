import { afterAll, expect, test } from 'vitest';
import { float16Bits, float16Value } from '../core/float16.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { StudioError } from '../core/studio-error.ts';
import { openDevice } from '../gpu/open-device.ts';
import { quantize } from '../reference/quantize.ts';
import type { QuantizeOutcome } from './quantize-job.ts';
import { RtnPipeline } from './rtn.ts';
import {
  awkward,
  expectEqual,
  never,
  outcomesOf,
  quantizeOnGpu,
  sourceOf,
} from './testing/rtn-outcomes.ts';

const gpu = await openDevice();
const pipeline = new RtnPipeline(gpu, { tileElements: 2 ** 18 });
afterAll(() => {
  pipeline[Symbol.dispose]();
  gpu[Symbol.dispose]();
});

test('tiles under a lower binding limit give the same bytes', async () => {
  const limit = 2 ** 15;
  using tiled = new RtnPipeline(gpu, { maxTileBytes: limit });
  const random = seededRandom(3);
  const jobs = (['blocks', 'rows', 'columns'] as const).flatMap((packing) =>
    [false, true].flatMap((transposed) =>
      ([32, 'channel'] as const).map((blockSize) => ({
        weight: awkward(330 * 70, random),
        spec: {
          ...{ rule: 'matmul-nbits', bits: 4, blockSize, symmetric: false, packing },
          ...{ scaleType: 'float16', K: 330, N: 70, transposed },
        } as QuantizeSpec,
      })),
    ),
  );
  expect(70 * 330 * 4).toBeGreaterThan(2 * limit);
  const [whole, parts] = [await outcomesOf(pipeline, jobs), await outcomesOf(tiled, jobs)];
  for (const [i, outcome] of parts.entries()) {
    expect(outcome.quantized?.codes).toEqual(whole[i]?.quantized?.codes);
    expect(outcome.quantized?.scales).toEqual(whole[i]?.quantized?.scales);
    expect(outcome.quantized?.zeroPoints).toEqual(whole[i]?.quantized?.zeroPoints);
  }
  const wide = { weight: new Float32Array(16 * 9000), spec: { ...jobs[0]?.spec, K: 16, N: 9000 } };
  const [failed] = await outcomesOf(tiled, [wide as (typeof jobs)[number]]);
  expect(failed?.failure).toMatchObject({ code: 'too-large' });
});

const PLAIN = {
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: true, scaleType: 'float32' },
  ...{ K: 64, N: 9, transposed: false, packing: 'blocks' },
} as const satisfies QuantizeSpec;
const plainWeight = () => {
  const random = seededRandom(9);
  return Float32Array.from({ length: 64 * 9 }, () => random.normal());
};

test('float16, bfloat16 and float64 sources give what their float32 values give', async () => {
  const values = plainWeight();
  const halves = Uint16Array.from(values, float16Bits);
  const tops = Uint16Array.from(new Uint32Array(values.buffer), (word) => word >>> 16);
  const widened = {
    float16: Float32Array.from(halves, float16Value),
    bfloat16: new Float32Array(Uint32Array.from(tops, (top) => top << 16).buffer),
    float64: values,
  };
  const stored = { float16: halves, bfloat16: tops, float64: Float64Array.from(values) };
  for (const dtype of ['float16', 'bfloat16', 'float64'] as const) {
    const own = await quantizeOnGpu(gpu, sourceOf(stored[dtype], dtype), PLAIN, never);
    expectEqual(own, quantize(widened[dtype], PLAIN), values.length);
  }
});

test('a weight that cannot be quantized fails by itself, by name', async () => {
  const broken = plainWeight();
  broken[3] = Number.NaN;
  broken[70] = Number.NEGATIVE_INFINITY;
  const huge = plainWeight().map((w) => w * 2 ** 30);
  const outcomes = await outcomesOf(pipeline, [
    { weight: broken, spec: PLAIN },
    { weight: huge, spec: { ...PLAIN, scaleType: 'float16' } },
    { weight: huge, spec: PLAIN },
  ]);
  expect(outcomes[0]?.failure).toMatchObject({
    code: 'unsupported-model',
    message: expect.stringContaining('w holds 2 values that are not finite'),
  });
  expect(outcomes[1]?.failure?.message).toContain('Choose 32-bit scales');
  expectEqual(outcomes[2]?.quantized ?? null, quantize(huge, PLAIN), huge.length);
});

test('a source that cannot be read fails its weight; another error ends the run', async () => {
  const unreadable = new StudioError('missing-file', 'gone');
  const good = sourceOf(plainWeight());
  const outcomes: (string | undefined)[] = [];
  const onOutcome = (_: number, { failure }: QuantizeOutcome) => void outcomes.push(failure?.code);
  const run = (error: Error) =>
    pipeline.run(
      [
        { source: { ...good, read: () => Promise.reject(error) }, spec: PLAIN },
        { source: good, spec: PLAIN },
      ],
      { signal: never, onOutcome },
    );
  await run(unreadable);
  expect(outcomes).toEqual(['missing-file', undefined]);
  await expect(run(new Error('a bug'))).rejects.toThrow('a bug');
});

test('cancelling ends the run with the reason, and the pipeline goes on to the next', async () => {
  const abort = new AbortController();
  const jobs = Array.from({ length: 20 }, () => ({ source: sourceOf(plainWeight()), spec: PLAIN }));
  let reported = 0;
  const onOutcome = () => {
    reported += 1;
    abort.abort();
  };
  const run = pipeline.run(jobs, { signal: abort.signal, onOutcome });
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  expect(reported).toBeLessThan(jobs.length);
  const [again] = await outcomesOf(pipeline, [{ weight: plainWeight(), spec: PLAIN }]);
  expectEqual(again?.quantized ?? null, quantize(plainWeight(), PLAIN), 64 * 9);
});

test('progress reaches 1 for every weight', async () => {
  using own = new RtnPipeline(gpu, { tileElements: 1024 });
  const shares: number[][] = [[], []];
  const spec = { ...PLAIN, blockSize: 'channel', packing: 'columns' } as const;
  await own.run(
    [0, 1].map(() => ({ source: sourceOf(plainWeight()), spec })),
    {
      signal: never,
      onOutcome: () => {},
      onProgress: (index, share) => shares[index]?.push(share),
    },
  );
  expect(shares).toEqual([[1], [1]]);
});

test('a lost device ends the run with a typed error', async () => {
  const own = await openDevice();
  using doomed = new RtnPipeline(own);
  const endless = { ...sourceOf(plainWeight()) };
  const jobs = Array.from({ length: 50 }, () => ({ source: endless, spec: PLAIN }));
  const run = doomed.run(jobs, { signal: never, onOutcome: () => own.device.destroy() });
  await expect(run).rejects.toMatchObject({ code: 'device-lost' });
  const after = quantizeOnGpu(own, endless, PLAIN, never);
  await expect(after).rejects.toMatchObject({ code: 'device-lost' });
});
