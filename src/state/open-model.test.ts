import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { PRESETS, presetRecipe } from '../recipe/presets.ts';
import { compress } from './compress.ts';
import { choosePreset } from './edit-recipe.ts';
import { traitsOf } from './model-traits.ts';
import { openFiles, openSample } from './open-model.ts';
import { loadSamples } from './samples.ts';
import { model, opened, plan } from './testing/minilm.ts';
import { FILES, fakeStudio, openedStudio, until } from './testing/open-studio.ts';

const TRAITS = traitsOf(model);

test('opening plans the default preset and sizes all of them', async () => {
  const { session } = await openedStudio();
  await until(() => Object.keys(session().presetPlans.webgpu ?? {}).length === PRESETS.length);
  expect(session().recipe).toEqual(presetRecipe('close', 'webgpu', TRAITS));
  expect(session().presetPlans.webgpu?.close).toMatchObject({
    byteLength: plan(session().recipe).byteLength,
    exact: true,
  });
  expect(session().runs.map(({ kind }) => kind)).toEqual(['baseline']);
});

test('of a model of very many weights, what would reshape it is sized once it is chosen', async () => {
  const weights = Array.from({ length: 1001 }, (_, i) => model.weights[i % model.weights.length]);
  const many = { ...opened, model: { ...model, weights } } as typeof opened;
  const { studio, session } = await openedStudio({ open: () => many });
  await until(() => Object.keys(session().presetPlans.webgpu ?? {}).length === PRESETS.length);
  expect(session().presetPlans.webgpu?.hybrid).toEqual({
    refusal: expect.stringMatching(/chosen/),
  });
  expect(session().presetPlans.webgpu?.half).toHaveProperty('byteLength');
  choosePreset(studio, 'hybrid');
  await until(() => session().planning.status === 'ready');
  expect(session().recipe.steps[0]?.technique).toBe('cut-neurons');
});

test('a big original waits for the first benchmark, a small one is measured by itself', async () => {
  const big = await openedStudio();
  expect(big.studio.engine.asked.map(({ method }) => method)).toEqual(['probe']);
  const small = { ...opened, model: { ...model, byteLength: 4e6 } };
  const { studio, session } = await openedStudio({ open: () => small });
  expect(studio.engine.asked.map(({ method }) => method)).toEqual(['probe', 'open', 'measure']);
  expect(session().runs[0]?.measurements.map(({ backend }) => backend)).toEqual(['wasm', 'webgpu']);
});

test('a refused file keeps the open model and shows its first bytes', async () => {
  const detail = {
    file: 'x.onnx',
    head: [0x47, 0x47, 0x55, 0x46],
    headMatch: 4,
    actually: 'a GGUF file',
  };
  let refuse = false;
  const { studio, session, notice } = await openedStudio({
    open: () => {
      if (refuse) throw new StudioError('not-a-model', 'x.onnx is a GGUF file.', { detail });
      return opened;
    },
  });
  await until(() => Object.keys(session().presetPlans.webgpu ?? {}).length === PRESETS.length);
  await until(() => session().runs[0]?.output.gzipByteLength !== null); // nothing goes on behind
  const before = session();
  refuse = true;
  await openFiles(studio, FILES);
  expect(session()).toBe(before);
  expect(studio.store.getState().opening).toMatchObject({ status: 'failed', failure: { detail } });
  expect(notice()).toBe('x.onnx is a GGUF file. Nothing was opened.');
});

test.each(['keep', 'identify', 'hashModel', 'gzip', 'keepFiles'] as const)(
  'opening another model ends %s of the one before, without a word',
  async (method) => {
    const asked: AbortSignal[] = [];
    const endless = (_: unknown, { signal }: { readonly signal?: AbortSignal }) => {
      if (signal) asked.push(signal);
      return new Promise<never>(() => {});
    };
    const { studio, notice } = await openedStudio({ [method]: endless });
    await until(() => asked.length === 1);
    expect(asked[0]?.aborted).toBe(false);
    await openSample(studio, 'digits');
    expect(asked[0]?.aborted).toBe(true);
    await until(() => asked.length === 2);
    expect(asked[1]?.aborted).toBe(false);
    expect(notice()).toContain('Opened');
  },
);

test('opening another model ends the running job first', async () => {
  const { studio, session } = await openedStudio({}, {}, 5);
  const compressing = compress(studio);
  await until(() => session().job.status === 'running');
  await openSample(studio, 'digits');
  await compressing;
  expect(session().runs).toHaveLength(1);
  expect(studio.desk.asked.some(({ method }) => method === 'close')).toBe(true);
});

test('the sample cards come from this origin', async () => {
  const { studio } = fakeStudio();
  const entry = {
    id: 'digits',
    title: 'digits',
    task: 'images',
    testRows: 3,
    licence: 'MIT',
    files: [
      { path: 'digits/model.onnx', byteLength: 100 },
      { path: 'digits/test.npz', byteLength: 7 },
    ],
  };
  await loadSamples({ ...studio, effects: { ...studio.effects, fetchJson: async () => [entry] } });
  expect(studio.store.getState().samples).toMatchObject({
    status: 'ready',
    cards: [{ id: 'digits', modelBytes: 100 }],
  });
});

test('rows and a tokenizer that come alone wait for their model', async () => {
  const asked: string[][] = [];
  const { studio } = fakeStudio({
    open: ([files]) => {
      asked.push(files.map(({ path }) => path));
      return opened;
    },
  });
  const { store } = studio;
  const blob = new Blob(['x']);
  await openFiles(studio, [{ path: 'reviews.csv', blob }]);
  await openFiles(studio, [{ path: 'tokenizer.json', blob }]);
  expect(store.getState().notice.text).toContain('reviews.csv and 1 more file wait for a model');
  expect(store.getState().session).toBeNull();
  await openFiles(studio, [{ path: 'model.onnx', blob }]);
  expect(asked).toEqual([['reviews.csv', 'tokenizer.json', 'model.onnx']]);
  expect(store.getState().waiting).toEqual([]);

  await openFiles(studio, [{ path: 'more.csv', blob }]);
  expect(store.getState().notice.text).toContain('more.csv came without a model. Drop it together');
  expect(asked).toHaveLength(1);
});

test('a recipe without a model says to open one first', async () => {
  const { studio, notice } = fakeStudio();
  await openFiles(studio, [{ path: 'x.recipe.json', blob: new Blob(['{}']) }]);
  expect(studio.desk.asked).toEqual([]);
  expect(notice()).toContain('x.recipe.json is a recipe. Open a model first');
});
