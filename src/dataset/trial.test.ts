import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openOnnx } from '../formats/onnx/open.ts';
import { openDataset } from './dataset.ts';
import { openTrial } from './trial.ts';

const SAMPLES = fileURLToPath(new URL('../../public/samples/', import.meta.url));
const { WHITTLE_SAMPLES = '' } = process.env;
const TEXT = ['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'];

async function opened(folder: string, names: readonly string[], root = SAMPLES) {
  const files = await Promise.all(
    names.map(async (path) => ({
      path,
      blob: new Blob([new Uint8Array(await readFile(`${root}/${folder}/${path}`))]),
    })),
  );
  const model = await openOnnx(files);
  const dataset = await openDataset(files, model, { seed: 1 });
  return { trial: await openTrial(files, model, { seed: 1 }, dataset), dataset };
}

test('a sentence is fed as the row with the same text', async () => {
  const { trial, dataset } = await opened('sentiment-tiny', [...TEXT, 'test.csv']);
  expect(trial.form).toEqual({ kind: 'text', pair: 'none', maxTokens: 64 });
  const row = await trial.make({ kind: 'row', index: 5 }, dataset);
  const [text = ''] = row.texts ?? [];
  expect(text).toBe(dataset.evaluation.text(5));
  const typed = await trial.make({ kind: 'text', text, pair: null }, dataset);
  expect(typed.feeds).toEqual([await dataset.evaluation.feeds(5)]);
  expect(typed.tokens?.read).toBe(typed.tokens?.of);
  expect(row.label).toBe(dataset.evaluation.label(5));
});

test('a longer text is cut, and says so; one over the limit is refused', async () => {
  const { trial, dataset } = await opened('sentiment-tiny', TEXT);
  expect(trial.form).toEqual({ kind: 'text', pair: 'optional', maxTokens: 64 });
  const long = await trial.make({ kind: 'text', text: 'good '.repeat(100), pair: null }, dataset);
  expect(long.tokens).toEqual({ read: 64, of: 102 });
  const pair = await trial.make({ kind: 'text', text: 'good', pair: 'bad' }, dataset);
  expect(pair.feeds).toHaveLength(1);
  await expect(
    trial.make({ kind: 'text', text: 'x'.repeat(20_001), pair: null }, dataset),
  ).rejects.toMatchObject({ code: 'too-large' });
});

test('without its tokenizer a text model has rows alone', async () => {
  const { trial, dataset } = await opened('sentiment-tiny', ['model.onnx']);
  expect(trial.form).toMatchObject({ kind: 'rows' });
  expect((await trial.make({ kind: 'row', index: 0 }, dataset)).feeds).toHaveLength(1);
});

test('a drawing is fed as the array that looks the same', async () => {
  const names = ['model.onnx', 'config.json', 'test.npz'];
  const { trial, dataset } = await opened('digits', names);
  expect(trial.form).toMatchObject({
    ...{ kind: 'image', width: 28, height: 28, channels: 1, lightInk: true },
  });
  const row = await trial.make({ kind: 'row', index: 9 }, dataset);
  if (!row.image) throw new Error('the row is no image');
  expect(row.image.levels.some((level) => level > 200)).toBe(true);
  const drawn = await trial.make({ kind: 'drawing', ...row.image }, dataset);
  const [wanted, given] = [row, drawn].map(({ feeds }) => feeds[0]?.['image']);
  expect(given?.dims).toEqual([1, 1, 28, 28]);
  for (const [index, value] of (wanted?.data ?? []).entries()) {
    // Levels are whole: half a step of 1/255.
    expect(Math.abs(Number(given?.data[index]) - Number(value))).toBeLessThanOrEqual(
      0.5 / 255 + 1e-6,
    );
  }
  expect(drawn.image).toEqual(row.image);
  const wrong = { kind: 'drawing', width: 28, height: 28, levels: new Uint8Array(3) } as const;
  await expect(trial.make(wrong, dataset)).rejects.toMatchObject({ code: 'too-large' });
});

test.skipIf(!WHITTLE_SAMPLES)(
  'a language model goes on with a text, in its own tokens',
  async () => {
    const { trial, dataset } = await opened('tiny-llama', [...TEXT, 'test.txt'], WHITTLE_SAMPLES);
    expect(trial.form).toEqual({ kind: 'continuation', maxTokens: 512 });
    const { growing } = trial;
    if (!growing) throw new Error('it does not grow');
    expect(growing.endIds).toEqual([1]);
    const ids = growing.start('It is a truth');
    const { feeds, last } = growing.feeds(ids);
    expect(feeds['input_ids']?.dims).toEqual([1, ids.length]);
    expect(last).toBe(ids.length - 1);
    const more = growing.start('It is a truth universally');
    expect(more.slice(0, ids.length)).toEqual(ids);
    const added = more.slice(ids.length).map((id, index) => {
      return growing.textOf(more.slice(0, ids.length + index), id);
    });
    expect(added.join('')).toBe(' universally');
    const row = await trial.make({ kind: 'row', index: 0 }, dataset);
    expect(row.texts?.[0]?.length).toBeGreaterThan(20);
    await expect(trial.make({ kind: 'text', text: '', pair: null }, dataset)).rejects.toMatchObject(
      { code: 'bad-dataset' },
    );
  },
);
