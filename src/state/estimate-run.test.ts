import { expect, test } from 'vitest';
import { compress, setBenchmarkAfter } from './compress.ts';
import { addStep, setEnabled, setOption } from './edit-recipe.ts';
import { estimateBenchmark, estimateRun } from './estimate-run.ts';
import type { Session } from './state.ts';
import { openedStudio, until } from './testing/open-studio.ts';

async function studioAfter(...runs: readonly (() => void)[]) {
  const it = await openedStudio();
  const settled = () => until(() => it.session().planning.status === 'ready');
  const estimate = (change: Partial<Session> = {}) =>
    estimateRun({ ...it.session(), ...change }, it.studio.store.getState().device);
  for (const run of runs) run();
  return { ...it, settled, estimate };
}

test('nothing is said before a run of the kind', async () => {
  const { estimate } = await studioAfter();
  expect(estimate()).toEqual({ compressMs: null, benchmarkMs: null, peakBufferBytes: null });
});

test('a run says how long one like it takes, by the bytes of its weights', async () => {
  const { studio, session, settled, estimate } = await studioAfter();
  await compress(studio);
  expect(estimate()).toEqual({
    compressMs: 900,
    benchmarkMs: 21_000,
    peakBufferBytes: 610_000_000,
  });
  const { device } = studio.store.getState();
  expect(estimateBenchmark(session().runs, device)).toBe(21_000);
  expect(estimateBenchmark([], device)).toBeNull();
  setOption(studio, 0, 'bits', 8);
  await settled();
  expect(estimate().compressMs).toBe(900); // the same work, whatever the bits
  setEnabled(studio, 1, false);
  await settled();
  const [matrices, embeddings] = session().runs[1]?.recipe?.steps ?? [];
  expect([matrices, embeddings]).toHaveLength(2);
  const { weights = [] } = session().runs[1] ?? {};
  const done = weights.filter(({ technique }) => technique !== null);
  const bytes = (of: typeof done) => of.reduce((sum, it) => sum + it.bytesBefore, 0);
  const share = bytes(done.filter(({ op }) => op !== 'Gather')) / bytes(done);
  expect(estimate().compressMs).toBeCloseTo(900 * share, 6);
});

test('an option that decides the pace, or another technique, is not known by it', async () => {
  const { studio, settled, estimate } = await studioAfter();
  setBenchmarkAfter(studio, false);
  await compress(studio);
  expect(estimate()).toMatchObject({ compressMs: 900, benchmarkMs: null });
  setOption(studio, 0, 'clip', true);
  await settled();
  expect(estimate().compressMs).toBeNull();
  setOption(studio, 0, 'clip', false);
  addStep(studio, 'magnitude');
  await settled();
  expect(estimate().compressMs).toBeNull();
});

test('what another device took does not count', async () => {
  const { studio, session, estimate } = await studioAfter();
  await compress(studio);
  const runs = session().runs.map((run) => ({
    ...run,
    compressedOn: { device: 'CPU', software: false },
  }));
  expect(estimate({ runs })).toEqual({
    compressMs: null,
    benchmarkMs: null,
    peakBufferBytes: null,
  });
});
