import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { memoryStorage } from '../storage/testing/memory-storage.ts';
import { KeptTuning } from './kept-tuning.ts';

const KEY = 'autotune/matmul/1/../../some adapter';

test('a choice is there after a reload, under a path that Whittle made', async () => {
  const storage = memoryStorage();
  await new KeptTuning(async () => storage).set(KEY, 'shared');
  expect(await new KeptTuning(async () => storage).get(KEY)).toBe('shared');
  expect([...storage.files.stored.keys()]).toEqual(['tuning/autotune-matmul-1-some-adapter']);
});

test('a full or missing disk costs a measurement at the next visit, and no more', async () => {
  const full = memoryStorage(2);
  const refused = () => Promise.reject(new StudioError('no-storage', 'No disk space for pages.'));
  for (const open of [async () => full, refused]) {
    const tuning = new KeptTuning(open);
    expect(await tuning.get(KEY)).toBeUndefined();
    await tuning.set(KEY, 'register');
    expect(await tuning.get(KEY)).toBe('register');
    expect(await new KeptTuning(open).get(KEY)).toBeUndefined();
  }
  await expect(new KeptTuning(() => Promise.reject(new Error('bug'))).get(KEY)).rejects.toThrow(
    'bug',
  );
});
