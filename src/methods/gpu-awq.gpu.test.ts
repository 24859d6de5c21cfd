import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import type { InputStatistics } from '../model/statistics.ts';
import { type AwqDevice, CpuAwq } from './awq-device.ts';
import { searchInputScales } from './awq-scales.ts';
import { CpuExecutor } from './cpu-executor.ts';
import type { Executor } from './executor.ts';
import { GpuAwq } from './gpu-awq.ts';
import { GpuMatrices } from './gpu-matrices.ts';
import { layerError } from './layer-error.ts';
import { quantizeBy } from './quantize-by.ts';
import { memorySource } from './read-values.ts';
import { gramOf } from './testing/grams.ts';
import { never } from './testing/low-rank.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());
const matrices = new GpuMatrices(gpu, 'register');
/** Tiles of a few rows. */
const onGpu = new GpuAwq(gpu, async () => matrices, 1000);
const onCpu = new CpuAwq();

const specOf = (K: number, N: number, rest: Partial<QuantizeSpec> = {}): QuantizeSpec => ({
  ...{ rule: 'matmul-nbits', bits: 4, blockSize: 32, symmetric: true, scaleType: 'float32' },
  ...{ K, N, transposed: true, packing: 'blocks' },
  ...rest,
});

/** With outliers where inputs are hardly there. */
function weightOf(K: number, N: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(K + N);
  return Float32Array.from({ length: K * N }, (_, i) => {
    return random.normal() * ((i % K) % 16 === 3 ? 3 : 1);
  });
}

const statisticsOf = (
  K: number,
): InputStatistics & { readonly gram: Float32Array<ArrayBuffer> } => {
  const gram = gramOf(K);
  return {
    ...{ K, count: 24, rows: 24, gram, sum: new Float64Array(K) },
    sumAbs: Float64Array.from({ length: K }, (_, k) => Math.sqrt(24 * (gram[k * K + k] ?? 0))),
    sumSquares: new Float64Array(K),
    ...{ min: new Float32Array(K), max: new Float32Array(K) },
  };
};

test.each<[number, number, Partial<QuantizeSpec>]>([
  [100, 45, {}],
  [128, 20, { bits: 2, symmetric: false, blockSize: 64 }],
  [90, 30, { rule: 'gather', symmetric: false, scaleType: 'float16', blockSize: 16 }],
  [300, 12, { rule: 'int8', blockSize: 'channel' }],
  [600, 5, { bits: 2, blockSize: 512 }],
])('%i inputs of %i channels are cut as on this thread, %o', async (K, N, rest) => {
  const spec = specOf(K, N, rest);
  const gram = gramOf(K);
  const weight = weightOf(K, N);
  const [own, wanted] = [weight.slice(), weight.slice()];
  await onGpu.clip(own, spec, gram, never);
  await onCpu.clip(wanted, spec, gram, never);
  expect(wanted).not.toEqual(weight);
  const other = own.filter((w, i) => w !== wanted[i]);
  expect(other.length).toBeLessThanOrEqual(0.02 * weight.length);
});

test('errors of a layer are as on this thread', async () => {
  const [K, n] = [130, 37];
  const gram = gramOf(K);
  const rows = weightOf(K, n);
  using errors = await onGpu.layerErrors(gram, K);
  expect((await errors.of(rows, never)) / layerError(rows, gram, K)).toBeCloseTo(1, 4);
});

test('the same scales are found, and codes with them', async () => {
  const [K, N] = [96, 40];
  const statistics = statisticsOf(K);
  const spec = specOf(K, N);
  const values = weightOf(K, N);
  const [own, wanted] = await Promise.all(
    [onGpu, onCpu].map((awq) => searchInputScales([{ values, spec }], statistics, awq, never)),
  );
  expect(own?.ratio).toBeGreaterThan(0);
  expect(own?.ratio).toBe(wanted?.ratio);
  expect(own?.errorShare).toBeCloseTo(wanted?.errorShare ?? 0, 4);

  const cpu = new CpuExecutor();
  const awq: AwqDevice = onGpu;
  const mixed: Executor = Object.assign(new CpuExecutor(), { awq });
  const source = memorySource('w', values, [N, K]);
  const method = { kind: 'awq', clip: true } as const;
  const codes = await Promise.all(
    [mixed, cpu].map(async (executor) => {
      const found = await quantizeBy(method, source, spec, { executor, statistics, signal: never });
      return found.quantized.codes;
    }),
  );
  const same = codes[0]?.filter((code, i) => code === codes[1]?.[i]);
  expect(same?.length).toBeGreaterThanOrEqual(0.98 * (codes[1]?.length ?? 1));
});

test('a cancel is heeded', async () => {
  const reason = new Error('enough');
  const stopped = AbortSignal.abort(reason);
  const gram = gramOf(32);
  for (const device of [onGpu, onCpu]) {
    using errors = await device.layerErrors(gram, 32);
    await expect(errors.of(weightOf(32, 4), stopped)).rejects.toBe(reason);
  }
  for (const blockSize of [32, 'channel'] as const) {
    const spec = specOf(512, 4, { blockSize });
    await expect(onGpu.clip(weightOf(512, 4), spec, gramOf(512), stopped)).rejects.toBe(reason);
  }
});
