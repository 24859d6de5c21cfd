/** Values before and after, read from the files that a run has written. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { FinishedWeight } from '../bridge/compress-calls.ts';
import type { RunOnFile } from '../bridge/protocol.ts';
import { compress } from '../engine/compress.ts';
import { LatestJob } from '../engine/latest-job.ts';
import { openedModel, recipeOf } from '../engine/testing/opened-sample.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import type { Step } from '../recipe/recipe.ts';
import type { WeightRow } from '../report/report.ts';
import { dimsLeft, ranksFound } from '../report/weight-values.ts';
import type { Session } from './sessions.ts';
import { weightValues } from './weight-values.ts';

const sample = new URL('../../public/samples/digits/model.onnx', import.meta.url);
const open = await openedModel(await openAsBlob(fileURLToPath(sample)));
const session: Session = { model: open.model, weights: open.weights, files: [], mapping: null };
const { signal } = new AbortController();
const executors = { acquire: async () => new CpuExecutor() };
const [largest] = open.weights.toSorted((a, b) => b.tensor.byteLength - a.tensor.byteLength);
const name = largest?.name ?? '';
const original = largest ? await readFloat32(open.model, largest.tensor) : new Float32Array(0);
let runs = 0;

async function runOf(...steps: readonly Step[]): Promise<RunOnFile> {
  const recipe = recipeOf('webgpu', ...steps);
  const done = await compress(open, recipe, { signal, executors, progress: () => {} });
  const row = done.weights.find((it) => it.name === name);
  runs += 1;
  return {
    ...{ runId: `run ${runs}`, files: done.files, payloads: null, recipe, failed: [] },
    ranks: ranksFound(done.weights),
    cutDims: dimsLeft(done.weights),
    dropped: [],
    sqnrDb: row?.sqnrDb ?? null,
  };
}
const rtn = (options: Step['options']): Step => ({ technique: 'rtn', options });
const sum = (counts: readonly number[] = []) => counts.reduce((a, b) => a + b, 0);

test('the original alone has every value in a bin, and nothing after', async () => {
  const values = await weightValues(session, name, null, null, signal);
  expect(sum(values.before.counts)).toBe(original.length);
  expect(values.before.counts).toHaveLength(61);
  expect(values.limit).toBe(original.reduce((most, it) => Math.max(most, Math.abs(it)), 0));
  expect(values).toMatchObject({ after: null, missing: null, channels: null, levels: null });
  await expect(weightValues(session, 'no such', null, null, signal)).rejects.toThrow(/no such/);
});

test('a quantized weight is read from the file: as many values, on few levels', async () => {
  const run = await runOf(rtn({ bits: 4, blockSize: 32 }));
  const whole = await weightValues(session, name, run, null, signal);
  expect(whole.missing).toBeNull();
  expect(sum(whole.after?.counts)).toBe(original.length);
  expect(whole.after?.counts).not.toEqual(whole.before.counts);
  expect(whole.channels).toMatchObject({ blockSize: 32 });
  expect(whole.levels).toBeNull();

  const block = await weightValues(session, name, run, { channel: 3, block: 1 }, signal);
  expect(block.levels).toHaveLength(16);
  expect(block.levels?.toSorted((a, b) => a - b)).toEqual(block.levels);
  expect(sum(block.before.counts)).toBe(32);
  expect(sum(block.after?.counts)).toBe(32);
  expect(block.focus).toEqual({ channel: 3, block: 1 });
  const far = await weightValues(session, name, run, { channel: 1e9, block: -4 }, signal);
  expect(far.focus).toEqual({ channel: (whole.channels?.count ?? 0) - 1, block: 0 });
});

test.each([
  ['pruned', [{ technique: 'magnitude', options: { sparsity: 0.5 } }]],
  ['pruned in 2:4 and in 8 bits', [{ technique: 'magnitude', options: {} }, rtn({ bits: 8 })]],
  ['of low rank', [{ technique: 'svd', options: { by: 'energy', energy: 0.6 } }, rtn({ bits: 8 })]],
  ['in 16 bits', [{ technique: 'fp16', options: {} }]],
] satisfies [string, Step[]][])(
  '%s: what the file holds is what the report says',
  async (_, steps) => {
    const run = await runOf(...steps);
    const values = await weightValues(session, name, run, null, signal);
    expect(values.missing).toBeNull();
    expect(sum(values.after?.counts)).toBe(original.length);
  },
);

test('a file that does not hold what its report says is told so, not drawn', async () => {
  const run = await runOf(rtn({ bits: 4, blockSize: 32 }));
  const files = await Promise.all(
    run.files.map(async ({ path, blob }) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return { path, blob: new Blob([bytes.map((byte) => byte ^ 0x11)]) };
    }),
  );
  const spoilt = await weightValues(session, name, { ...run, runId: 'b', files }, null, signal);
  expect(spoilt.after).toBeNull();
  expect(spoilt.missing).toMatch(/SQNR/);
  const short = run.files.map(({ path, blob }) => ({ path, blob: blob.slice(1) }));
  const older = await weightValues(
    session,
    name,
    { ...run, runId: 'c', files: short },
    null,
    signal,
  );
  expect(older.missing).toMatch(/another version/);
});

test.each([
  ['in 4 bits', [rtn({ bits: 4, blockSize: 32 })]],
  ['of low rank', [{ technique: 'svd', options: { by: 'energy', energy: 0.6 } }, rtn({ bits: 8 })]],
] satisfies [string, Step[]][])(
  'a weight %s of a run that is not over is the one that its file will hold',
  async (_, steps) => {
    const latest = new LatestJob();
    const recipe = recipeOf('webgpu', ...steps);
    const onPlan = latest.begin('job');
    const told: (FinishedWeight | null)[] = [];
    let row: WeightRow | undefined;
    const done = await compress(open, recipe, {
      ...{ signal, executors, onPlan },
      progress: ({ finished }) => {
        row ??= finished.find((it) => it.name === name);
        told.push(latest.weight('job', name));
        if (told.at(-1)) expect(row).toBeDefined();
      },
    });
    const [first] = told.filter((it) => it !== null);
    expect(told.some((it) => it === null)).toBe(true); // not before it was finished
    if (!first || !row) throw new Error('it was finished');
    const run = { runId: 'job', recipe, sqnrDb: row.sqnrDb };
    const live = await weightValues(session, name, { ...run, ...first, files: [] }, null, signal);
    const whole = { ...run, ...first, payloads: null, files: done.files };
    expect(live).toEqual(await weightValues(session, name, whole, null, signal));
    expect(sum(live.after?.counts)).toBe(original.length);

    const cut = first.payloads.map(([key, blob]) => [key, blob.slice(1)] as const);
    const odd = { ...run, ...first, files: [], payloads: cut };
    const refused = await weightValues(session, name, odd, null, signal);
    expect(refused).toMatchObject({ after: null, missing: expect.stringMatching(/otherwise/) });
    expect(latest.weight('another', name)).toBeNull();
    expect(latest.weight('job', 'no such')).toBeNull();
    latest.end('job');
    expect(latest.weight('job', name)).toBeNull();
  },
);

test('a weight that the run left alone has no other value', async () => {
  const run = await runOf({ technique: 'rtn', where: { not: { name } }, options: { bits: 8 } });
  const values = await weightValues(session, name, run, null, signal);
  expect(values).toMatchObject({ after: null, missing: null });
});

test('reading ends when it is not wanted any more', async () => {
  const abort = new AbortController();
  const reading = weightValues(session, name, null, null, abort.signal);
  abort.abort();
  await expect(reading).rejects.toThrow(/abort/i);
});
