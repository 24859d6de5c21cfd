import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkModel,
  evaluate,
  evaluatePerplexity,
  judgeMissing,
  quantizerTime,
  runModel,
} from './judge.ts';

const { WHITTLE_SAMPLES } = process.env;
const SAMPLES = 'public/samples';
type Sample = {
  id: string;
  testRows: number;
  files: { path: string; byteLength: number }[];
};
const samples: Sample[] = JSON.parse(await readFile(`${SAMPLES}/index.json`, 'utf8'));

// From the READMEs of the samples: rows that the fp32 model gets right.
const CORRECT: Readonly<Record<string, number>> = { digits: 994, sentiment: 819 };

test('two samples are built in', () => {
  expect(samples.map(({ id }) => id)).toEqual(['digits', 'sentiment']);
});

describe.each(samples)('sample $id', ({ id, testRows, files }) => {
  const folder = `${SAMPLES}/${files[0]?.path.split('/')[0]}`;
  const model = `${folder}/model.onnx`;

  test('lists its files with their lengths, and leaves out only its papers', async () => {
    for (const { path, byteLength } of files)
      expect((await stat(`${SAMPLES}/${path}`)).size, path).toBe(byteLength);
    const names = (await readdir(folder)).filter((name) => !/^(README|LICENSE)/.test(name));
    expect(files.map(({ path }) => path.split('/')[1]).sort()).toEqual(names.sort());
  });

  test.skipIf(judgeMissing)('is a valid model with the accuracy and rows it states', async () => {
    await checkModel(model);
    const { accuracy, examples, rows } = await evaluate(folder, model);
    expect(examples).toBe(testRows);
    expect(rows).toHaveLength(testRows);
    expect(rows.filter(({ label, predicted }) => label === predicted)).toHaveLength(
      CORRECT[id] ?? Number.NaN,
    );
    expect(accuracy * testRows).toBeCloseTo(CORRECT[id] ?? Number.NaN, 6);
    for (const { logits, predicted } of rows) expect(logits[predicted]).toBe(Math.max(...logits));
  });
});

describe.skipIf(judgeMissing)('the judge', () => {
  let scratch = '';
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'judge-test-'));
  });
  afterAll(() => rm(scratch, { recursive: true }));

  test('refuses a file that is no model', async () => {
    await expect(checkModel(`${SAMPLES}/index.json`)).rejects.toThrow(/ModelProto|parse/i);
  });

  test('scores as many rows as asked', async () => {
    const { examples, rows } = await evaluate(
      `${SAMPLES}/digits`,
      `${SAMPLES}/digits/model.onnx`,
      7,
    );
    expect([examples, rows.length]).toEqual([7, 7]);
  });

  test('runs a model on the arrays of an npz, and agrees with its own rows', async () => {
    const outputs = await runModel(`${SAMPLES}/digits/model.onnx`, `${SAMPLES}/digits/test.npz`);
    const { dtype, dims, bytes } = outputs['logits'] ?? {
      dtype: '',
      dims: [],
      bytes: new Uint8Array(),
    };
    expect([dtype, dims]).toEqual(['float32', [1000, 10]]);
    const { rows } = await evaluate(`${SAMPLES}/digits`, `${SAMPLES}/digits/model.onnx`, 1);
    expect(rows).toHaveLength(1);
    const first = new Float32Array(bytes.buffer).subarray(0, 10);
    // Batch 1,000 against batch 1: sums of at most 1,152 terms in another order.
    for (const [i, logit] of rows[0]?.logits.entries() ?? [])
      expect(first[i]).toBeCloseTo(logit, 4);
  });

  test('times the quantizer, whose file is valid and a quarter as large', async () => {
    const output = join(scratch, 'model.onnx');
    const { load, quantize, save, total } = await quantizerTime(
      `${SAMPLES}/sentiment-tiny/model.onnx`,
      output,
    );
    for (const part of [load, quantize, save]) expect(part).toBeGreaterThan(0);
    expect(total).toBeCloseTo(load + quantize + save, 6);
    await checkModel(output);
    expect((await stat(output)).size).toBeLessThan(5_858_269 / 4);
    const { accuracy } = await evaluate(`${SAMPLES}/sentiment-tiny`, output, 200);
    expect(accuracy).toBeGreaterThan(0.7);
  });

  test.skipIf(!WHITTLE_SAMPLES)('scores a language model by its perplexity', async () => {
    const folder = join(WHITTLE_SAMPLES ?? '', 'tiny-llama');
    const { perplexity, tokens } = await evaluatePerplexity(folder, `${folder}/model.onnx`);
    expect(tokens).toBe(16_610);
    expect(perplexity).toBeCloseTo(32.81, 2);
  });
});
