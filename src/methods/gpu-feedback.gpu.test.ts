import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import type { FeedbackTask } from '../reference/feedback.ts';
import { finished } from '../reference/testing/layers.ts';
import { upperFactor } from '../reference/upper-factor.ts';
import { CpuFeedback } from './feedback-device.ts';
import { GpuFeedback } from './gpu-feedback.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());
const { signal } = new AbortController();
const onGpu = new GpuFeedback(gpu, async () => 'register');
const onCpu = new CpuFeedback();

function taskOf(N: number, K: number, isPruned: boolean): FeedbackTask {
  const random = seededRandom(N + K);
  const x = Float64Array.from({ length: 9 * K }, () => random.normal());
  const gram = Float64Array.from({ length: K * K }, (_, at) => {
    const [i, j] = [Math.floor(at / K), at % K];
    let sum = i === j ? 4 : 0;
    for (let t = 0; t < 9; t++) sum += (x[t * K + i] ?? 0) * (x[t * K + j] ?? 0);
    return sum;
  });
  const order = Uint32Array.from({ length: K }, (_, k) => k);
  const factor = finished(upperFactor({ K, gram, shift: new Float64Array(K), order }));
  const blockCount = Math.ceil(K / 16);
  return {
    ...{ N, factor, prune: null },
    weight: Float32Array.from({ length: N * K }, () => random.normal()),
    goes: isPruned ? Uint8Array.from({ length: N * K }, () => random.below(2)) : null,
    grid: {
      rule: { rule: 'matmul-nbits', bits: 4, symmetric: false },
      blockOf: order.map((k) => k >> 4),
      blockCount,
      scales: Float32Array.from({ length: N * blockCount }, () => 0.3 + 0.1 * random.uniform()),
      zeroPoints: Uint8Array.from({ length: N * blockCount }, () => 7 + random.below(2)),
    },
  };
}

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

test.each([
  [1, 1, false],
  [70, 33, true],
  [64, 130, false],
  [7, 97, true],
])('%i channels of %i inputs, pruned %s: as on this thread', async (N, K, isPruned) => {
  const task = taskOf(N, K, isPruned);
  const own = await onGpu.settle(task, signal);
  const other = await onCpu.settle(task, signal);
  expect(own.goes).toEqual(other.goes);
  const same = own.codes.filter((code, i) => code === other.codes[i]);
  expect(same.length).toBeGreaterThanOrEqual(0.98 * N * K);
  expect(total(own.losses) / total(other.losses)).toBeCloseTo(1, 2);

  const { errors, losses } = own;
  const again = await onCpu.losses(errors, N, task.factor, signal);
  const onDevice = await onGpu.losses(errors, N, task.factor, signal);
  again.forEach((loss, n) => {
    expect((losses[n] ?? 0) / loss).toBeCloseTo(1, 4);
    expect((onDevice[n] ?? 0) / loss).toBeCloseTo(1, 4);
  });
});

test.each([
  [70, 33, { kind: 'n-of-m', n: 2, m: 4 }],
  [7, 97, { kind: 'n-of-m', n: 4, m: 8 }],
  [70, 300, { kind: 'unstructured', sparsity: 0.5, scope: 'tensor' }],
  [3, 130, { kind: 'unstructured', sparsity: 0.7, scope: 'tensor' }],
  [64, 20, { kind: 'unstructured', sparsity: 0, scope: 'tensor' }],
] as const)('%i channels of %i inputs, pruned by %o: as on this thread', async (N, K, prune) => {
  const task = { ...taskOf(N, K, false), grid: null, prune };
  const own = await onGpu.settle(task, signal);
  const other = await onCpu.settle(task, signal);
  const count = (goes: Uint8Array) => goes.reduce((sum, mark) => sum + mark, 0);
  expect(count(own.goes)).toBe(count(other.goes));
  const same = own.goes.filter((mark, i) => mark === other.goes[i]);
  expect(same.length).toBeGreaterThanOrEqual(0.99 * N * K);
  expect(own.codes).toEqual(other.codes);
  const [ownLoss, otherLoss] = [total(own.losses), total(other.losses)];
  expect(Math.abs(ownLoss - otherLoss)).toBeLessThanOrEqual(0.01 * otherLoss);
  const kept = task.weight.filter((w, i) => own.goes[i] === 1 && own.errors[i] !== w);
  expect(kept.length).toBe(0);
});

test('more channels than a binding holds: in parts, but free pruning on this thread', async () => {
  const K = 130;
  const within = new GpuFeedback(gpu, async () => 'register', 4 * K * 64 + 4096);
  const task = { ...taskOf(150, K, false), grid: null };
  const free = {
    ...task,
    prune: { kind: 'unstructured', sparsity: 0.5, scope: 'tensor' },
  } as const;
  const wanted = await onCpu.settle(free, signal);
  expect(await within.settle(free, signal)).toEqual(wanted);
  const own = await within.losses(wanted.errors, 150, task.factor, signal);
  const other = await onCpu.losses(wanted.errors, 150, task.factor, signal);
  other.forEach((loss, n) => {
    expect((own[n] ?? 0) / loss).toBeCloseTo(1, 4);
  });
  const groups = { ...task, prune: { kind: 'n-of-m', n: 2, m: 4 } } as const;
  const parts = await within.settle(groups, signal);
  const whole = await onGpu.settle(groups, signal);
  expect(parts).toEqual(whole);
});

test('what no method asks for is walked on this thread', async () => {
  const task = { ...taskOf(8, 40, false), prune: { kind: 'n-of-m', n: 2, m: 4 } as const };
  expect(await onGpu.settle(task, signal)).toEqual(await onCpu.settle(task, signal));
});

test('a cancel is heeded', async () => {
  const reason = new Error('enough');
  const task = taskOf(8, 40, false);
  const pruning = { ...task, grid: null, prune: { kind: 'n-of-m', n: 2, m: 4 } as const };
  for (const given of [task, pruning]) {
    await expect(onGpu.settle(given, AbortSignal.abort(reason))).rejects.toBe(reason);
  }
});

test.each([
  { kind: 'n-of-m', n: 2, m: 4 },
  { kind: 'unstructured', sparsity: 0.5, scope: 'tensor' },
] as const)('a cancel on the way through %o gives all memory back', async (prune) => {
  const task = { ...taskOf(64, 600, false), grid: null, prune };
  gpu.restartPeak();
  const before = gpu.peakBufferBytes;
  const cancel = new AbortController();
  const walk = onGpu.settle(task, cancel.signal);
  setTimeout(() => cancel.abort(new Error('enough')));
  await expect(walk).rejects.toThrow('enough');
  expect(gpu.peakBufferBytes).toBeGreaterThan(before);
  gpu.restartPeak();
  expect(gpu.peakBufferBytes).toBe(before);
});
