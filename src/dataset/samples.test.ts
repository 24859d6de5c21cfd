import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openOnnx } from '../formats/onnx/open.ts';
import { openDataset } from './dataset.ts';

const { WHITTLE_SAMPLES } = process.env;

async function openFolder(folder: string) {
  const names = await readdir(`${WHITTLE_SAMPLES}/${folder}`);
  const files = await Promise.all(
    names.map(async (name) => ({
      path: `${folder}/${name}`,
      blob: new Blob([await readFile(`${WHITTLE_SAMPLES}/${folder}/${name}`)]),
    })),
  );
  return openDataset(files, await openOnnx(files), { seed: 1 });
}

describe.skipIf(!WHITTLE_SAMPLES)('a folder as people drop it', () => {
  test('sentiment-minilm: sentences of test.csv, calibration beside it', async () => {
    const { summary, preprocessing, evaluation, latencyInput } =
      await openFolder('sentiment-minilm');
    expect(summary).toMatchObject({
      kind: 'labelled',
      name: 'test.csv',
      evaluationRows: 1000,
      calibrationRows: 512,
      labels: ['negative', 'positive'],
      unread: [],
    });
    expect(preprocessing).toBe('cut at 64 tokens, no padding');
    expect(evaluation.label(0)).toBe(0);
    expect((await latencyInput(32))?.description).toBe('1 × 32 tokens');
  });

  test('digits: arrays', async () => {
    const { summary, evaluation } = await openFolder('digits');
    expect(summary).toMatchObject({ kind: 'labelled', evaluationRows: 1000, calibrationRows: 512 });
    expect((await evaluation.feeds(999))['image']?.dims).toEqual([1, 1, 28, 28]);
  });

  test('tiny-llama: windows of its running text, token for token as Python counts them', async () => {
    const { summary, evaluation, calibration, latencyInput, preprocessing } =
      await openFolder('tiny-llama');
    expect(summary).toMatchObject({
      kind: 'text',
      metric: 'perplexity',
      name: 'test.txt',
      evaluationRows: 66, // 16,676 tokens: 65 windows of 256 and one of 36
      calibrationRows: 66,
      limitation: null,
    });
    expect(preprocessing).toBe('windows of 256 tokens, 16610 tokens predicted, no padding');
    expect(evaluation.tokens(65)).toHaveLength(36);
    expect(calibration.tokens(65)).toHaveLength(16_841 - 65 * 256);
    expect((await evaluation.feeds(0))['attention_mask']?.dims).toEqual([1, 256]);
    const unread = summary.unread.map(({ path, reason }) => `${path}: ${reason}`).sort();
    expect(unread).toEqual(['tiny-llama/model.safetensors: safetensors files are not read yet']);
    const ids = Array.from({ length: 66 }, (_, index) => evaluation.tokens(index) ?? []).flat();
    // Σ id · (index mod 1000 + 1) over what Python's tokenizers gives for the whole text.
    const sum = ids.reduce((total, id, index) => total + id * ((index % 1000) + 1), 0);
    expect([ids.length, sum]).toEqual([16_676, 4_609_768_885]);
    expect((await latencyInput())?.description).toBe('1 × 32 tokens');
  });
});
