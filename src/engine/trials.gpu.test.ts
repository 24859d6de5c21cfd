import { afterAll, expect, test, vi } from 'vitest';
import { scoreRows } from '../bench/score.ts';
import { createSession } from '../bench/session.ts';
import type { AnswerProgress, AnswerRequest } from '../bridge/trial-calls.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { openDevice } from '../gpu/open-device.ts';
import type { MadeInput, ModelAnswer } from '../report/trial.ts';
import { compress } from './compress.ts';
import { OpenModels } from './models.ts';
import { sessionFilesOf } from './session-files.ts';
import { executorsOn } from './testing/executors-on.ts';
import { recipeOf } from './testing/opened-sample.ts';
import { Trials } from './trials.ts';

const signal = new AbortController().signal;
vi.setConfig({ testTimeout: 120_000 });

const SCORED = 40;

const models = new OpenModels();
const trials = new Trials(models);
const gpu = await openDevice();
afterAll(() => trials.release());

async function openSample(folder: string, names: readonly string[]): Promise<void> {
  const files = await Promise.all(
    names.map(async (path) => ({
      path,
      blob: await (await fetch(`/samples/${folder}/${path}`)).blob(),
    })),
  );
  await models.open(folder, files, null, signal);
}

await openSample('digits', ['model.onnx', 'config.json', 'test.npz', 'calibration.npz']);
await openSample('sentiment-tiny', [
  ...['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'],
  ...['test.csv', 'calibration.csv'],
]);

/** A run of the sample, and what a benchmark's scoring gives to its first rows. */
async function compressed(id: string, bits: number) {
  const open = models.get(id);
  const { files } = await compress(
    open,
    recipeOf('wasm', { technique: 'rtn', options: { bits } }),
    { signal, progress: () => {}, executors: executorsOn(gpu) },
  );
  const run = sessionFilesOf(await openOnnx(files));
  const session = await createSession(run.graph, 'wasm', run);
  const { evaluation, readout, task } = open.dataset;
  const rows = { ...evaluation, count: SCORED };
  const scored = await scoreRows({ session, rows, readout, task, baseline: null, signal });
  await session.release();
  return { runId: `int${bits}`, files, answers: scored.answers ?? [] };
}

const original = { runId: 'baseline', files: null };

async function asked(request: AnswerRequest) {
  const answers = new Map<string, ModelAnswer>();
  const progress = (it: AnswerProgress) => {
    if ('answer' in it) answers.set(it.answer.runId, it.answer);
  };
  const words = await trials.answer(request, progress);
  const top = (runId: string) => {
    const answer = answers.get(runId);
    if (!answer || 'failure' in answer) throw new Error(answer?.failure ?? `no ${runId}`);
    if (answer.reading.kind !== 'classes') throw new Error(answer.reading.kind);
    return answer.reading.choices[0];
  };
  return { words, answers, top };
}

test.each([
  ['digits', 2],
  ['sentiment-tiny', 4],
])('rows of %s get the answers that the benchmark scored', async (modelId, bits) => {
  const run = await compressed(modelId, bits);
  expect(run.answers).toHaveLength(SCORED);
  for (const index of [0, 7, 23, 37, SCORED - 1]) {
    const input: MadeInput = { kind: 'row', index };
    const subjects = [original, { runId: run.runId, files: run.files }];
    const { top, answers } = await asked({ modelId, input, subjects, backend: 'wasm' });
    expect(top(run.runId)?.index, `row ${index}`).toBe(run.answers[index]);
    expect(answers.size).toBe(2);
  }
});

test('a drawn row is answered as the row is, and a typed one too', async () => {
  const row = await asked({
    ...{ modelId: 'digits', backend: 'wasm', subjects: [original] },
    input: { kind: 'row', index: 3 },
  });
  const { image } = row.words;
  if (!image) throw new Error('no image');
  const drawn = await asked({
    ...{ modelId: 'digits', backend: 'wasm', subjects: [original] },
    input: { kind: 'drawing', ...image },
  });
  expect(drawn.top('baseline')?.index).toBe(row.top('baseline')?.index);
  expect(drawn.top('baseline')?.share).toBeCloseTo(row.top('baseline')?.share ?? 0, 2);

  const sentence = await asked({
    ...{ modelId: 'sentiment-tiny', backend: 'wasm', subjects: [original] },
    input: { kind: 'row', index: 3 },
  });
  const [text = ''] = sentence.words.texts ?? [];
  const typed = await asked({
    ...{ modelId: 'sentiment-tiny', backend: 'wasm', subjects: [original] },
    input: { kind: 'text', text, pair: null },
  });
  expect(typed.answers.get('baseline')).toMatchObject({
    reading: (sentence.answers.get('baseline') as { reading: unknown }).reading,
  });
  expect(typed.words.tokens?.read).toBeGreaterThan(3);
});

test('an image file is read as the model takes it', async () => {
  const canvas = new OffscreenCanvas(140, 140);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = 'black';
  context.fillRect(0, 0, 140, 140);
  context.fillStyle = 'white';
  context.fillRect(65, 20, 12, 100);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  const { words, top } = await asked({
    ...{ modelId: 'digits', backend: 'wasm', subjects: [original] },
    input: { kind: 'image', path: 'one.png', blob },
  });
  expect(words.image).toMatchObject({ width: 28, height: 28, channels: 1 });
  expect(top('baseline')?.label).toBe('1');
  const wrong = asked({
    ...{ modelId: 'digits', backend: 'wasm', subjects: [original] },
    input: { kind: 'image', path: 'one.png', blob: new Blob(['no image']) },
  });
  await expect(wrong).rejects.toMatchObject({ code: 'bad-dataset' });
});

test('a newer input takes the place of an older one, and a job of all', async () => {
  const ask = (index: number) =>
    asked({
      ...{ modelId: 'digits', backend: 'wasm', subjects: [original] },
      input: { kind: 'row', index },
    });
  const [older, newer] = [ask(1), ask(2)];
  await expect(older).rejects.toMatchObject({ name: 'AbortError' });
  expect((await newer).top('baseline')).toBeDefined();
  const last = ask(3);
  const released = trials.release();
  await expect(last).rejects.toMatchObject({ name: 'AbortError' });
  await released;
  expect((await ask(4)).top('baseline')).toBeDefined();
});

test('answers are timed by turns, as often as an interval needs, until a newer input comes', async () => {
  const run = await compressed('digits', 4);
  const subjects = [original, { runId: run.runId, files: run.files }];
  const rounds: (readonly number[])[] = [];
  const input: MadeInput = { kind: 'row', index: 0 };
  const request: AnswerRequest = { modelId: 'digits', input, subjects, backend: 'wasm' };
  const time = (visible: boolean) =>
    trials.time(
      request,
      (times) => rounds.push(times),
      () => visible,
    );
  expect(await time(true)).toBe('timed');
  expect(rounds.length).toBeGreaterThanOrEqual(6);
  expect(rounds.every((times) => times.length === 2 && times.every((ms) => ms > 0))).toBe(true);
  expect(await time(false)).toBe('hidden');
  const timed = time(true);
  const newer = asked({ ...request, input: { kind: 'row', index: 1 } });
  await expect(timed).rejects.toMatchObject({ name: 'AbortError' });
  expect((await newer).top('baseline')).toBeDefined();
});

test('the original is asked about a few rows of each label, as the file writes it', async () => {
  const asked = await trials.askLabels('sentiment-tiny', ['negative', 'positive', 'no such']);
  const rows = asked.map(({ value, rows }) => [value, rows]);
  expect(rows).toEqual([
    ['negative', 8],
    ['positive', 8],
    ['no such', 0],
  ]);
  // Four of five rows are answered rightly: of eight the right class has most.
  expect(asked.slice(0, 2).map(({ classes }) => classes[0]?.index)).toEqual([0, 1]);
});

test('what can be tried follows from the files', async () => {
  expect(await trials.summary('digits')).toMatchObject({
    form: { kind: 'image', width: 28, height: 28, channels: 1, lightInk: true },
    rowCount: 1000,
  });
  expect(await trials.summary('sentiment-tiny')).toMatchObject({
    form: { kind: 'text', pair: 'none', maxTokens: 64 },
  });
});
