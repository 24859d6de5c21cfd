/** What every kind of `ByteFiles` does; each kind runs it in its own tier. */
import { expect, test } from 'vitest';
import type { ByteFiles } from '../byte-files.ts';

const bytes = (...values: number[]) => new Uint8Array(values);
const text = async (blob: Blob | null) => (blob ? await blob.text() : null);

export function testFiles(open: () => Promise<ByteFiles>): void {
  test('a file is read as it was written, and replaced as a whole', async () => {
    const files = await open();
    await files.write('files/a', new Blob(['first, and longer']));
    await files.write('files/a', new Blob(['second']));
    expect(await text(await files.read('files/a'))).toBe('second');
    await files.write('files/b', [bytes(104), bytes(), bytes(105)]);
    expect(await text(await files.read('files/b'))).toBe('hi');
    expect(await files.read('files/c')).toBeNull();
    expect(await files.read('nowhere/c')).toBeNull();
  });

  test('folders are listed with their bytes, and removed with all they hold', async () => {
    const files = await open();
    await files.write('weights/job/one', new Blob(['123']));
    await files.write('weights/job/two', new Blob(['4567']));
    await files.write('weights/other/one', new Blob(['8']));
    const byName = (list: Awaited<ReturnType<ByteFiles['list']>>) =>
      Object.fromEntries(list.map(({ name, byteLength }) => [name, byteLength]));
    expect(byName(await files.list('weights'))).toEqual({ job: 7, other: 1 });
    expect(byName(await files.list('weights/job'))).toEqual({ one: 3, two: 4 });
    expect(await files.list('absent')).toEqual([]);
    await files.remove('weights/job');
    await files.remove('weights/job');
    expect(byName(await files.list('weights'))).toEqual({ other: 1 });
  });

  test('a write that is cancelled leaves nothing', async () => {
    const files = await open();
    const abort = new AbortController();
    abort.abort();
    const writing = files.write('files/a', new Blob(['x']), abort.signal);
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect(await files.read('files/a')).toBeNull();
  });
}
