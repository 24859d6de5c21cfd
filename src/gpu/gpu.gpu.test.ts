import { expect, test } from 'vitest';
import { defineKernel } from './kernel.ts';
import { openDevice } from './open-device.ts';
import { StagingRing } from './staging-ring.ts';
import { timeOnDevice } from './time-dispatches.ts';

const code = `
struct Params { factor: u32 }
@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read_write> target_: array<u32>;
@group(0) @binding(2) var<uniform> params: Params;
override OFFSET: u32;
@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  target_[id.x] = source[id.x] * params.factor + OFFSET;
}`;
const scale = defineKernel({
  label: 'scale',
  code,
  constants: { OFFSET: 1 },
  buffers: { source: 'read', target_: 'write' },
  params: { factor: 'u32' },
  workgroups: () => [4, 1, 1],
});
const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;

test('opens with what the adapter offers and says what it is', async () => {
  using gpu = await openDevice();
  expect(gpu.adapter).toMatchObject({ name: expect.any(String), isSoftware: expect.any(Boolean) });
  expect(structuredClone(gpu.adapter)).toEqual(gpu.adapter);
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.device.limits;
  expect(gpu.adapter.limits).toMatchObject({ maxStorageBufferBindingSize, maxBufferSize });
});

test('a batch keeps the order of dispatches and copies, and rings carry the bytes', async () => {
  using gpu = await openDevice();
  await gpu.prepare(scale);
  using uploads = new StagingRing(gpu, 'upload', 2, 16);
  using readBacks = new StagingRing(gpu, 'read-back', 2, 16);
  using a = gpu.buffer('a', 16, STORAGE | COPY_SRC | COPY_DST);
  using b = gpu.buffer('b', 16, STORAGE | COPY_SRC | COPY_DST);
  const results: number[][] = [];
  for (let round = 0; round < 5; round++) {
    const upload = await uploads.take(16);
    new Uint32Array(upload.getMappedRange(0, 16)).set([round, 1, 2, 3]);
    upload.unmap();
    const readBack = await readBacks.take(16);
    const batch = gpu.batch('round');
    batch.copy({ buffer: upload, offset: 0, size: 16 }, a, 0);
    batch.dispatch(scale, { source: a, target_: b }, { factor: 2 });
    batch.dispatch(scale, { source: b, target_: a }, { factor: 10 });
    batch.clear(a, 12, 4);
    batch.copy({ buffer: a, offset: 0, size: 16 }, readBack, 0);
    batch.submit();
    uploads.give(upload);
    await readBacks.read(readBack, 16, (bytes) => results.push([...new Uint32Array(bytes)]));
    readBacks.give(readBack);
  }
  const wanted = [0, 1, 2, 3, 4].map((round) => [20 * round + 11, 31, 51, 0]);
  expect(results).toEqual(wanted);
});

test('a ring makes the third taker of two buffers wait', async () => {
  using gpu = await openDevice();
  using ring = new StagingRing(gpu, 'read-back', 2, 16);
  const first = await ring.take(16);
  await ring.take(16);
  const third = ring.take(16);
  const early = await Promise.race([third, Promise.resolve('waiting')]);
  expect(early).toBe('waiting');
  ring.give(first);
  expect(await third).toBe(first);
});

test('a refused command ends every wait with gpu-failed', async () => {
  using gpu = await openDevice();
  const forever = gpu.guard(new Promise(() => {}));
  using buffer = gpu.buffer('small', 4, COPY_SRC | COPY_DST);
  const batch = gpu.batch('beyond the end');
  batch.copy({ buffer, offset: 0, size: 4 }, buffer, 4);
  batch.submit();
  await expect(forever).rejects.toMatchObject({ code: 'gpu-failed' });
  await expect(gpu.guard(new Promise(() => {}))).rejects.toBe(gpu.failure);
});

test('a lost device ends every wait with device-lost', async () => {
  using gpu = await openDevice();
  using ring = new StagingRing(gpu, 'read-back', 1, 16);
  const buffer = await ring.take(16);
  const reading = ring.read(buffer, 16, () => {});
  gpu.device.destroy();
  await expect(reading).rejects.toMatchObject({ code: 'device-lost' });
  await expect(ring.take(16)).rejects.toMatchObject({ code: 'device-lost' });
  expect(gpu.failure?.message).toContain(gpu.adapter.name);
});

test('a buffer over the limit is too large', async () => {
  using gpu = await openDevice();
  const over = gpu.device.limits.maxBufferSize + 4;
  expect(() => gpu.buffer('big', over, STORAGE)).toThrow(
    expect.objectContaining({ code: 'too-large' }),
  );
});

test('the peak of buffers counts what is held at once, each given back once', async () => {
  using gpu = await openDevice();
  const first = gpu.buffer('first', 1000, STORAGE);
  const second = gpu.buffer('second', 500, STORAGE);
  expect(gpu.peakBufferBytes).toBe(1500);
  first.destroy();
  first[Symbol.dispose]();
  gpu.restartPeak();
  expect(gpu.peakBufferBytes).toBe(500);
  using third = gpu.buffer('third', 200, STORAGE);
  expect(gpu.peakBufferBytes).toBe(500 + third.size);
  second.destroy();
  expect(gpu.peakBufferBytes).toBe(700);
});

test('what is dispatched takes time by the clock of the device, of which one round is told', async () => {
  using gpu = await openDevice();
  await gpu.prepare(scale);
  using a = gpu.buffer('a', 16, STORAGE);
  using b = gpu.buffer('b', 16, STORAGE);
  let rounds = 0;
  const durationMs = await timeOnDevice(gpu, (batch) => {
    rounds++;
    batch.dispatch(scale, { source: a, target_: b }, { factor: 2 });
  });
  expect(durationMs).toBeGreaterThan(0);
  expect(rounds).toBeGreaterThanOrEqual(2 + 21);
});
