/** An analysis makes the plan exact, once, and for the same recipe only. */
import { expect, test } from 'vitest';
import type { Analysed } from '../bridge/compress-calls.ts';
import { StudioError } from '../core/studio-error.ts';
import { analyse, analyseObstacle } from './analyse.ts';
import { compress, setBenchmarkAfter } from './compress.ts';
import { setOption } from './edit-recipe.ts';
import { cancelJob } from './run-job.ts';
import { undoRecipe } from './set-recipe.ts';
import { plan } from './testing/minilm.ts';
import { openedStudio, until } from './testing/open-studio.ts';

const FOUND: Analysed = {
  ranks: [['encoder.layer.0.output.dense.weight', 12]],
  cutDims: [],
  failed: [],
  blocks: [],
};

/** A desk whose plans are upper bounds until they are given what an analysis found. */
async function boundedStudio(engine: Parameters<typeof openedStudio>[1] = {}) {
  const it = await openedStudio(
    { plan: ([, recipe, analysed]) => ({ ...plan(recipe), exact: Boolean(analysed) }) },
    { analyse: () => FOUND, ...engine },
  );
  setBenchmarkAfter(it.studio, false);
  const asked = (method: string) =>
    it.studio.engine.asked.filter((call) => call.method === method).map(({ args }) => args);
  const settled = () => until(() => it.session().planning.status === 'ready');
  return { ...it, asked, settled };
}

test('what is found makes the plan exact, until the recipe does something else', async () => {
  const { studio, session, settled, notice } = await boundedStudio();
  expect(session().planning.plan?.exact).toBe(false);
  await analyse(studio);
  await settled();
  expect(session().planning.plan?.exact).toBe(true);
  expect(notice()).toMatch(/^Analysed .+ It comes to .+ MB, exactly\.$/);
  setOption(studio, 0, 'bits', 8);
  await settled();
  expect(session().planning.plan?.exact).toBe(false);
  undoRecipe(studio);
  await settled();
  expect(session().planning.plan?.exact).toBe(true);
});

test('Compress goes on with the job that analysed, once', async () => {
  const { studio, asked, session } = await boundedStudio();
  await analyse(studio);
  const [[, recipe, { jobId = '' } = {}] = []] = asked('analyse') as [
    unknown,
    unknown,
    { jobId: string },
  ][];
  await compress(studio);
  expect(asked('compress')).toEqual([[session().model.id, recipe, { executor: 'gpu', jobId }]]);
  expect(session().analysis?.jobId).toBeNull();
  expect(session().runs.at(-1)?.id).toBe(jobId);
});

test('another recipe begins a job of its own, and another analysis takes the place of the last', async () => {
  const { studio, asked, session } = await boundedStudio();
  await analyse(studio);
  const first = session().analysis?.jobId;
  setOption(studio, 0, 'bits', 8);
  await compress(studio);
  expect(session().runs.at(-1)?.id).not.toBe(first);
  await analyse(studio);
  expect(asked('settle')).toContainEqual([first]);
  expect(session().analysis?.jobId).not.toBe(first);
});

test('a cancelled analysis leaves the bound, and nothing of itself', async () => {
  const { studio, asked, session } = await boundedStudio({ analyse: () => new Promise(() => {}) });
  const analysing = analyse(studio);
  await until(() => asked('analyse').length === 1);
  expect(analyseObstacle(studio.store.getState())).toMatch(/^Busy with/);
  cancelJob(studio);
  await analysing;
  expect(session().job.status).toBe('idle');
  expect(session().analysis).toBeNull();
  expect(session().planning.plan?.exact).toBe(false);
  expect(asked('settle')).toHaveLength(1);
});

test('a failed analysis says so and can be tried again', async () => {
  const { studio, session } = await boundedStudio({
    analyse: () => {
      throw new StudioError('out-of-memory', 'The GPU has no memory left.');
    },
  });
  await analyse(studio);
  expect(session().job).toMatchObject({ status: 'failed', task: { kind: 'analyse' } });
  expect(session().analysis).toBeNull();
});
