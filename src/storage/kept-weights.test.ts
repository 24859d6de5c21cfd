import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import type { StoredWeight } from './finished-weights.ts';
import { KeptWeights } from './kept-weights.ts';
import { MemoryFiles } from './testing/memory-files.ts';
import { MemoryRecords } from './testing/memory-records.ts';
import { weightRecord } from './testing/records-contract.ts';

const JOB = { jobId: 'job', context: 'c' };

const weight = (...values: number[]): StoredWeight => ({
  payloads: new Map([
    ['q', new Uint8Array(values)],
    ['scales', new Uint8Array([9, 9])],
    ['empty', new Uint8Array()],
  ]),
  row: weightRecord('job', 'a').row,
  device: 'a GPU',
});

function disk(quota?: number) {
  const [files, records] = [new MemoryFiles(quota), new MemoryRecords()];
  const clock = { now: 0 };
  const open = (job = JOB) => KeptWeights.open(files, records, job, () => clock.now);
  return { files, records, open, clock };
}

test('what one visit finished, the next one has', async () => {
  const { open } = disk();
  await (await open()).put('a', weight(1, 2, 3));
  const next = await open();
  expect(next.has('a')).toBe(true);
  expect(next.has('b')).toBe(false);
  expect(await next.get('a')).toEqual(weight(1, 2, 3));
  expect(await next.get('b')).toBeNull();
});

test('weights of another job, recipe or version do not count', async () => {
  const { open } = disk();
  await (await open()).put('a', weight(1));
  expect((await open({ jobId: 'another', context: 'c' })).has('a')).toBe(false);
  expect((await open({ jobId: 'job', context: 'another' })).has('a')).toBe(false);
});

test.each([
  ['is cut', (blob: Blob) => blob.slice(0, -1)],
  ['is longer', (blob: Blob) => new Blob([blob, 'x'])],
  ['has other bytes', (blob: Blob) => new Blob([new Uint8Array(blob.size)])],
])('a weight whose file %s is done again', async (_, tear) => {
  const { files, open } = disk();
  await (await open()).put('a', weight(1, 2, 3));
  for (const [path, blob] of files.stored) files.stored.set(path, tear(blob));
  const next = await open();
  expect(await next.get('a')).toBeNull();
  expect(next.has('a')).toBe(false);
  expect((await open()).has('a')).toBe(false);
});

test('bytes without their record are none, and neither is a record without its bytes', async () => {
  const { files, records, open } = disk();
  await (await open()).put('a', weight(1));
  await records.remove('weights', ['job']);
  expect((await open()).has('a')).toBe(false);
  await (await open()).put('b', weight(1));
  files.stored.clear();
  expect(await (await open()).get('b')).toBeNull();
});

test('a full disk is told once, and the job goes on in memory', async () => {
  const { files, open } = disk(6);
  const weights = await open();
  await weights.put('a', weight(1, 2, 3));
  expect(weights.isFull).toBe(false);
  await weights.put('b', weight(4, 5, 6));
  expect(weights.isFull).toBe(true);
  expect(await weights.get('b')).toEqual(weight(4, 5, 6));
  expect(await weights.get('a')).toEqual(weight(1, 2, 3));
  files.quota = 100;
  const next = await open();
  expect([next.has('a'), next.has('b')]).toEqual([true, false]);
});

test('when there is room again, what was held is written too', async () => {
  const { files, open, clock } = disk(0);
  const weights = await open();
  await weights.put('a', weight(1));
  files.quota = 100;
  clock.now = 499;
  await weights.put('b', weight(2)); // the disk is not asked again so soon
  expect((await open()).has('b')).toBe(false);
  expect(weights.isFull).toBe(true);
  clock.now = 501;
  await weights.put('c', weight(3));
  expect(weights.isFull).toBe(false);
  const next = await open();
  for (const name of ['a', 'b', 'c']) expect(next.has(name), name).toBe(true);
  expect(await next.get('b')).toEqual(weight(2));
});

test('a disk that stays full is asked less and less', async () => {
  const { files, open, clock } = disk(0);
  const weights = await open();
  let asked = 0;
  const write = files.write.bind(files);
  files.write = (...args) => {
    asked += 1;
    return write(...args);
  };
  for (clock.now = 0; clock.now < 60_000; clock.now += 100) {
    await weights.put(`weight ${clock.now}`, weight(1));
  }
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(12);
});

test('a record without room leaves no bytes, and its weight is held', async () => {
  const { files, records, open } = disk();
  records.put = () => Promise.reject(new StudioError('quota', 'A record was not kept.'));
  const weights = await open();
  await weights.put('a', weight(1));
  expect(weights.isFull).toBe(true);
  expect(await weights.get('a')).toEqual(weight(1));
  expect(files.stored.size).toBe(0);
});

test('what fails for another reason is not taken for a full disk', async () => {
  const { files, open } = disk();
  files.write = () => Promise.reject(new Error('the disk is on fire'));
  await expect((await open()).put('a', weight(1))).rejects.toThrow('on fire');
});

test('clearing waits for what is being written and leaves nothing', async () => {
  const { files, records, open } = disk();
  const weights = await open();
  const writing = weights.put('a', weight(1));
  await weights.clear();
  await writing;
  await weights.put('late', weight(1));
  expect(files.stored.size).toBe(0);
  expect(await records.all('weights')).toEqual([]);
  expect(weights.has('a')).toBe(false);
});
