import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { presetRecipe } from '../recipe/presets.ts';
import type { StoredWeight } from '../storage/finished-weights.ts';
import { jobLock } from '../storage/session-locks.ts';
import { memoryStorage } from '../storage/testing/memory-storage.ts';
import { weightRecord } from '../storage/testing/records-contract.ts';
import { JobWeights } from './job-weights.ts';

const RECIPE = presetRecipe('close', 'webgpu');
const weight: StoredWeight = {
  payloads: new Map([['q', new Uint8Array([1, 2, 3])]]),
  row: weightRecord('job', 'a').row,
  device: 'a GPU',
};

function tab(storage = memoryStorage(), version = '1') {
  return { storage, jobs: new JobWeights(async () => storage, version) };
}

test('a job finds what it finished, in this tab or after a reload', async () => {
  const { storage, jobs } = tab();
  await (await jobs.of('job', RECIPE)).weights.put('a', weight);
  expect((await jobs.of('job', RECIPE)).weights.has('a')).toBe(true);
  const closed = memoryStorage();
  const reloaded = new JobWeights(async () => ({ ...storage, locks: closed.locks }), '1');
  expect((await reloaded.of('job', RECIPE)).weights.has('a')).toBe(true);
});

test('another recipe or version starts anew', async () => {
  const { storage, jobs } = tab();
  await (await jobs.of('job', RECIPE)).weights.put('a', weight);
  expect((await jobs.of('job', { ...RECIPE, seed: 9 })).weights.has('a')).toBe(false);
  await jobs.settle('job');
  await (await jobs.of('job', RECIPE)).weights.put('a', weight);
  const { locks } = memoryStorage();
  const updated = new JobWeights(async () => ({ ...storage, locks }), '2');
  expect((await updated.of('job', RECIPE)).weights.has('a')).toBe(false);
});

test('two tabs never compute one job; it is free once it is settled, with nothing left', async () => {
  const first = tab();
  const second = tab(first.storage);
  await (await first.jobs.of('job', RECIPE)).weights.put('a', weight);
  await expect(second.jobs.of('job', RECIPE)).rejects.toMatchObject({ code: 'busy' });
  expect(await first.storage.locks.held()).toContain(jobLock('job'));
  await first.jobs.settle('job');
  await first.jobs.settle('job');
  expect(await first.storage.locks.held()).toEqual(new Set());
  expect(first.storage.files.stored.size).toBe(0);
  expect((await second.jobs.of('job', RECIPE)).weights.has('a')).toBe(false);
});

test('a model that is closed gives its paused job back, with what was finished', async () => {
  const first = tab();
  await (await first.jobs.of('job', RECIPE)).weights.put('a', weight);
  first.jobs.release();
  const second = tab(first.storage);
  expect((await second.jobs.of('job', RECIPE)).weights.has('a')).toBe(true);
});

test('a full disk is said and does not lose the weight', async () => {
  const { jobs } = tab(memoryStorage(2));
  const { weights, notKept } = await jobs.of('job', RECIPE);
  expect(notKept()).toBeNull();
  await weights.put('a', weight);
  expect(notKept()).toContain('full');
  expect(await weights.get('a')).toEqual(weight);
});

test('a disk too full to be read is said, and the job goes on in memory', async () => {
  const { storage, jobs } = tab();
  storage.records.all = () => Promise.reject(new StudioError('quota', 'A record was not kept.'));
  const { weights, notKept } = await jobs.of('job', RECIPE);
  await weights.put('a', weight);
  expect(await weights.get('a')).toEqual(weight);
  expect(notKept()).toContain('full');
});

test('without storage weights are held in memory, and it is said; other failures are not', async () => {
  const refused = new StudioError('no-storage', 'This browser has no disk space for pages.');
  const jobs = new JobWeights(() => Promise.reject(refused), '1');
  const { weights, notKept } = await jobs.of('job', RECIPE);
  await weights.put('a', weight);
  expect((await jobs.of('job', RECIPE)).weights.has('a')).toBe(true);
  expect(notKept()).toBe(refused.message);
  const broken = new JobWeights(() => Promise.reject(new Error('bug')), '1');
  await expect(broken.of('job', RECIPE)).rejects.toThrow('bug');
});
