import { afterAll, expect, test } from 'vitest';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { CpuExecutor } from './cpu-executor.ts';
import { CpuPruning } from './cpu-pruning.ts';
import type { Executor } from './executor.ts';
import { GpuExecutor } from './gpu-executor.ts';
import { GpuPruning } from './gpu-pruning.ts';
import { pruneWeight, selectSmallest } from './magnitude.ts';
import type { PruningDevice } from './pruning-device.ts';
import type { QuantizeOutcome } from './quantize-job.ts';
import { memorySource } from './read-values.ts';
import { never } from './testing/low-rank.ts';
import { awkward, expectEqual } from './testing/rtn-outcomes.ts';
import { tied } from './testing/tied-values.ts';

const gpu = await openDevice();
const onGpu = new GpuExecutor(gpu, { get: async () => 'register', set: async () => {} });
const onCpu = new CpuExecutor();
afterAll(() => onGpu[Symbol.dispose]());

const BASE = { symmetric: true, scaleType: 'float32', transposed: false } as const;
const SPECS: readonly QuantizeSpec[] = [
  { ...BASE, rule: 'matmul-nbits', bits: 4, blockSize: 32, K: 130, N: 515, packing: 'blocks' },
  {
    ...{
      ...BASE,
      rule: 'matmul-nbits',
      bits: 2,
      blockSize: 16,
      symmetric: false,
      transposed: true,
    },
    ...{ K: 100, N: 700, packing: 'blocks', scaleType: 'float16' },
  },
  { ...BASE, rule: 'int8', bits: 8, blockSize: 'channel', K: 517, N: 131, packing: 'columns' },
  {
    ...{ ...BASE, rule: 'matmul-nbits', bits: 4, blockSize: 64, symmetric: false },
    ...{ K: 200, N: 401, packing: 'columns' },
  },
  {
    ...{ ...BASE, rule: 'gather', bits: 8, blockSize: 32, symmetric: false, transposed: true },
    ...{ K: 96, N: 900, packing: 'rows', scaleType: 'float16' },
  },
  {
    ...{ ...BASE, rule: 'matmul-nbits', bits: 4, blockSize: 32, K: 64, N: 40, packing: 'blocks' },
    clip: true,
  },
];

async function quantized(executor: Executor, jobs: Parameters<Executor['quantize']>[0]) {
  const outcomes: QuantizeOutcome[] = [];
  await executor.quantize(jobs, {
    signal: never,
    onOutcome: (_, outcome) => void outcomes.push(outcome),
  });
  return outcomes;
}

test('quantizing gives the same bytes on the CPU and the GPU, whatever the packing', async () => {
  const random = seededRandom(7);
  const jobs = SPECS.map((spec, i) => {
    const values = awkward(spec.K * spec.N, random);
    return { source: memorySource(`w${i}`, values, [spec.K, spec.N]), spec };
  });
  const [own, wanted] = [await quantized(onGpu, jobs), await quantized(onCpu, jobs)];
  expect(own.length).toBe(SPECS.length);
  for (const [i, { K, N }] of SPECS.entries()) {
    const cpu = wanted[i]?.quantized;
    if (!cpu) throw new Error(`weight ${i} failed`);
    expectEqual(own[i]?.quantized ?? null, cpu, K * N);
  }
});

test('weights that cannot be quantized fail in the same words', async () => {
  const spec = { ...BASE, rule: 'matmul-nbits', bits: 4, blockSize: 32, K: 32, N: 3 } as const;
  const half = { ...spec, packing: 'blocks', scaleType: 'float16' } as const;
  const full = { ...half, scaleType: 'float32', symmetric: false } as const;
  const filled = (value: number) => {
    const values = new Float32Array(96).fill(1);
    values.set([value, 1, 1, -value], 40);
    return memorySource('w', values, [32, 3]);
  };
  const jobs = [
    { source: filled(Number.NaN), spec: half },
    { source: filled(3e38), spec: half },
    { source: filled(3e38), spec: full },
  ];
  const words = (outcomes: QuantizeOutcome[]) => outcomes.map(({ failure }) => failure?.message);
  const own = words(await quantized(onGpu, jobs));
  expect(own.every((message) => message !== undefined)).toBe(true);
  expect(own).toEqual(words(await quantized(onCpu, jobs)));
});

const SHAPES = [
  { axisLength: 513, inner: 1 },
  { axisLength: 19, inner: 27 },
  { axisLength: 1026, inner: 3 },
];

test('pruning marks the same values on the CPU and the GPU, in tiles and in one piece', async () => {
  const sources = SHAPES.map(({ axisLength, inner }, i) =>
    tied(`w${i}`, 3 * axisLength * inner, i),
  );
  using tiles = new GpuPruning(gpu, 256);
  const devices: readonly PruningDevice[] = [
    ...[new CpuPruning(), new CpuPruning(100), onGpu.pruning, tiles],
  ];
  const results = [];
  for (const device of devices) {
    const masks = [];
    const outcomes = await selectSmallest(device, sources, 0.37, { signal: never });
    for (const [i, source] of sources.entries()) {
      const selection = outcomes[i]?.selection ?? null;
      const shape = SHAPES[i] as (typeof SHAPES)[number];
      for (const [spec, chosen] of [
        [{ kind: 'unstructured', sparsity: 0.37, scope: 'global' }, selection],
        [{ kind: 'unstructured', sparsity: 0.61, scope: 'tensor' }, null],
        [{ kind: 'n-of-m', n: 2, m: 4 }, null],
        [{ kind: 'n-of-m', n: 4, m: 8 }, null],
      ] as const) {
        const { mask, errors } = await pruneWeight(device, source, spec, shape, chosen, never);
        expect(errors.sumSquaredError).toBeGreaterThan(0);
        masks.push(mask, errors.maxAbsError);
      }
    }
    results.push(masks);
  }
  const [first, ...others] = results;
  for (const other of others) expect(other).toEqual(first);
});

test('values that are not finite are told by both', async () => {
  const values = new Float32Array(64).fill(1);
  values.set([Number.NaN, Infinity], 9);
  const source = memorySource('w', values, [64]);
  for (const spec of [
    { kind: 'unstructured', sparsity: 0.5, scope: 'tensor' },
    { kind: 'n-of-m', n: 2, m: 4 },
  ] as const) {
    for (const { pruning } of [onGpu, onCpu]) {
      const pruned = pruneWeight(pruning, source, spec, { axisLength: 64, inner: 1 }, null, never);
      await expect(pruned).rejects.toThrow('w holds 2 values that are not finite');
    }
  }
});
