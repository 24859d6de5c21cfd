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
    expect(latencyInput(32)?.description).toBe('1 × 32 tokens');
  });

  test('digits: arrays', async () => {
    const { summary, evaluation } = await openFolder('digits');
    expect(summary).toMatchObject({ kind: 'labelled', evaluationRows: 1000, calibrationRows: 512 });
    expect(evaluation.feeds(999)['image']?.dims).toEqual([1, 1, 28, 28]);
  });

  test('tiny-llama: inputs made up within its vocabulary, what is not read named', async () => {
    const { summary, evaluation, latencyInput } = await openFolder('tiny-llama');
    expect(summary.kind).toBe('synthetic');
    const unread = summary.unread.map(({ path, reason }) => `${path}: ${reason}`).sort();
    expect(unread).toEqual([
      'tiny-llama/calibration.txt: running text is not read yet',
      'tiny-llama/generation_config.json: settings of text generation do not matter here',
      'tiny-llama/model.safetensors: safetensors files are not read yet',
      'tiny-llama/test.txt: running text is not read yet',
    ]);
    const ids = Array.from(evaluation.feeds(0)['input_ids']?.data ?? [], Number);
    expect(ids).toHaveLength(32);
    expect(Math.max(...ids)).toBeGreaterThan(1000);
    expect(Math.max(...ids)).toBeLessThan(2048);
    expect(latencyInput()?.description).toBe('1 × 32 tokens');
  });
});
