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

test('pruning is chosen on this thread', async () => {
  const task = {
    ...taskOf(8, 40, false),
    ...({ grid: null, prune: { kind: 'n-of-m', n: 2, m: 4 } } as const),
  };
  expect(await onGpu.settle(task, signal)).toEqual(await onCpu.settle(task, signal));
});

test('a cancel is heeded', async () => {
  const reason = new Error('enough');
  const task = taskOf(8, 40, false);
  await expect(onGpu.settle(task, AbortSignal.abort(reason))).rejects.toBe(reason);
});
