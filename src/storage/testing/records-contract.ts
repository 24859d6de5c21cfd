/** What every kind of `Records` does; each kind runs it in its own tier. */
import { expect, test } from 'vitest';
import type { Records, WeightRecord } from '../records.ts';

export const weightRecord = (jobId: string, name: string): WeightRecord => ({
  ...{ jobId, name, context: 'c', device: 'a GPU', file: 'f' },
  row: {
    ...{ name, label: name, op: 'MatMul', dims: [4, 4], technique: 'rtn', encoding: 'int8' },
    ...{ bitsPerWeight: 8, bytesBefore: 64, bytesAfter: 16, maxAbsError: 0, reason: null },
    sqnrDb: Number.POSITIVE_INFINITY,
    failed: false,
  },
  payloads: [{ name: 'q', byteLength: 3, sha256: 'd' }],
});

export function testRecords(open: () => Promise<Records>): void {
  test('a record is found by its key, with figures that JSON lacks', async () => {
    const records = await open();
    await records.put('weights', weightRecord('job', 'a/b'));
    expect(await records.get('weights', ['job', 'a/b'])).toEqual(weightRecord('job', 'a/b'));
    expect(await records.get('weights', ['job', 'a'])).toBeNull();
    expect(await records.get('jobs', ['nobody'])).toBeNull();
  });

  test('the records of an owner are listed by key and removed together', async () => {
    const records = await open();
    for (const [job, name] of [
      ['job', 'b'],
      ['job', 'a'],
      ['job 2', 'a'],
    ] as const) {
      await records.put('weights', weightRecord(job, name));
    }
    const names = (all: readonly WeightRecord[]) => all.map(({ jobId, name }) => jobId + name);
    expect(names(await records.all('weights', 'job'))).toEqual(['joba', 'jobb']);
    expect(await records.all('weights')).toHaveLength(3);
    await records.remove('weights', ['job', 'a']);
    expect(names(await records.all('weights'))).toEqual(['jobb', 'job 2a']);
    await records.remove('weights', ['job']);
    await records.remove('weights', ['job']);
    expect(names(await records.all('weights'))).toEqual(['job 2a']);
  });

  test('a record is replaced, and what was handed out does not change with it', async () => {
    const records = await open();
    const payloads = [{ name: 'q', byteLength: 3, sha256: 'd' }];
    const record = { ...weightRecord('job', 'a'), payloads };
    await records.put('weights', record);
    payloads.push({ name: 'scales', byteLength: 2, sha256: 'e' });
    const before = await records.get('weights', ['job', 'a']);
    await records.put('weights', record);
    expect(before?.payloads).toHaveLength(1);
    expect((await records.get('weights', ['job', 'a']))?.payloads).toEqual(payloads);
  });
}
