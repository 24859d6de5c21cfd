import { expect, test } from 'vitest';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { scoreRows } from './score.ts';
import { createSession } from './session.ts';

const signal = new AbortController().signal;

/** A built-in sample, as the page fetches it. */
async function openSample(names: readonly string[], folder: string) {
  const files = await Promise.all(
    names.map(async (path) => ({
      path,
      blob: await (await fetch(`/samples/${folder}/${path}`)).blob(),
    })),
  );
  const model = await openOnnx(files);
  const dataset = await openDataset(files, model, { seed: 1 });
  return { dataset, bytes: model.files[0]?.blob ?? new Blob() };
}

const TEXT = [
  ...['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'],
  ...['test.csv', 'calibration.csv'],
];

const IMAGES = ['model.onnx', 'config.json', 'test.npz', 'calibration.npz'];

// The counts that `evaluate.py` gives with onnxruntime on the CPU, as the samples' READMEs say.
test.each([
  ['sentiment-tiny', TEXT, 819, 'cut at 64 tokens, no padding'],
  ['digits', IMAGES, 994, 'as stored'],
])(
  '%s scores on WASM what Python scores, to the row',
  async (folder, names, right, preparation) => {
    const { dataset, bytes } = await openSample(names, folder);
    expect(dataset.summary).toMatchObject({
      evaluationRows: 1000,
      calibrationRows: 512,
      unread: [],
    });
    expect(dataset.preprocessing).toBe(preparation);
    const session = await createSession(bytes, 'wasm');
    const rows = dataset.evaluation;
    const { readout, task } = dataset;
    const scores = await scoreRows({ session, rows, readout, task, baseline: null, signal });
    await session.release();
    expect(scores.accuracy).toMatchObject({ rows: 1000, correct: right, difference: null });
  },
  120_000,
);
