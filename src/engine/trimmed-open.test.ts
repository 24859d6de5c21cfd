/** Vocabulary trimming from a sample's texts to the files of a run, and the rows that it is fed. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDataset } from '../dataset/dataset.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from '../plan/plan.ts';
import { trimVocabulary } from '../plan/vocabulary/trim-vocabulary.ts';
import type { Step } from '../recipe/recipe.ts';
import { formatCount } from '../report/format.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { datasetOfRun } from './run-dataset.ts';
import { recipeOf } from './testing/opened-sample.ts';

const folder = fileURLToPath(new URL('../../public/samples/sentiment-tiny/', import.meta.url));
const NAMES = ['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'];
const named = async (path: string) => ({ path, blob: await openAsBlob(folder + path) });
const trimming: Step = { technique: 'vocabulary', options: {} };

async function opened(...tables: string[]): Promise<OpenModel> {
  const files = await Promise.all([...NAMES, ...tables].map(named));
  const model = await openOnnx(files);
  const dataset = await openDataset(files, model, { seed: 1 });
  return { model, weights: findWeights(model), dataset };
}

const run = (open: OpenModel, ...steps: Step[]) =>
  compress(open, recipeOf('wasm', ...steps), {
    ...{ signal: new AbortController().signal, progress: () => {} },
    executors: { acquire: async () => new CpuExecutor() },
  });

const idsOf = (feeds: Awaited<ReturnType<OpenModel['dataset']['evaluation']['feeds']>>) => [
  ...((feeds['input_ids']?.data ?? []) as BigInt64Array),
];

describe('a model that is trimmed to its calibration texts', () => {
  let open: OpenModel;
  let kept: readonly number[] = [];

  beforeAll(async () => {
    open = await opened('test.csv', 'calibration.csv');
    kept = (await open.dataset.vocabulary?.trimmed())?.kept ?? [];
  });

  test('has the rows of the tokens that stay, and goes with their tokenizer', async () => {
    const { files, byteLength, weights, partial } = await run(open, trimming);
    expect(partial).toBe(false);
    expect(files.map(({ path }) => path)).toEqual([
      ...['model.onnx', 'tokenizer.json', 'tokenizer_config.json', 'config.json'],
    ]);
    expect(files[0]?.blob.size).toBe(byteLength);
    const model = await openOnnx(files);
    const [table] = findWeights(model).filter(({ tensor }) => tensor.dims[0] === kept.length);
    const original = open.weights.find(({ name }) => name === table?.name);
    if (!table || !original) throw new Error('a table is trimmed');
    const saved = original.tensor.byteLength - table.tensor.byteLength;
    expect(Math.abs(open.model.byteLength - byteLength - saved)).toBeLessThan(200);
    const [before, after] = [
      await readFloat32(open.model, original.tensor),
      await readFloat32(model, table.tensor),
    ];
    const width = table.tensor.dims[1] ?? 0;
    for (const [to, from] of kept.entries()) {
      const row = after.subarray(to * width, (to + 1) * width);
      expect(row.every((value, at) => value === before[from * width + at])).toBe(true);
    }
    expect(weights.find(({ name }) => name === table.name)).toMatchObject({
      technique: 'vocabulary',
      bytesBefore: original.tensor.byteLength,
      bytesAfter: table.tensor.byteLength,
      note: `${formatCount(kept.length)} of 8,000 tokens stay`,
    });
    const config = JSON.parse((await files[3]?.blob.text()) ?? '');
    expect(config).toMatchObject({ vocab_size: kept.length, pad_token_id: 0 });
  });

  test('is fed the same rows, split by its own tokenizer', async () => {
    const { files } = await run(open, trimming);
    const own = await datasetOfRun(open.dataset, files, await openOnnx(files));
    expect(own).not.toBe(open.dataset);
    let same = 0;
    for (let row = 0; row < own.evaluation.count; row++) {
      expect(own.evaluation.text(row)).toBe(open.dataset.evaluation.text(row));
      expect(own.evaluation.label(row)).toBe(open.dataset.evaluation.label(row));
      const ids = idsOf(await own.evaluation.feeds(row));
      expect(ids.every((id) => id < kept.length)).toBe(true);
      const before = idsOf(await open.dataset.evaluation.feeds(row));
      same += Number(`${ids.map((id) => kept[Number(id)])}` === `${before}`);
    }
    expect(same).toBeGreaterThan(50);
    expect(same).toBeLessThan(own.evaluation.count); // unseen words take other tokens
    for (let row = 0; row < own.calibration.count; row++) {
      const ids = idsOf(await own.calibration.feeds(row)).map((id) => kept[Number(id)]);
      expect(ids).toEqual(idsOf(await open.dataset.calibration.feeds(row)).map(Number));
    }
  });

  test('is compressed by the other steps as any model is', async () => {
    const int8: Step = { technique: 'rtn', options: { bits: 8, blockSize: 'channel' } };
    const trim = await trimVocabulary(open.model, open.weights, open.dataset.vocabulary);
    if ('refused' in trim) throw new Error(trim.refused);
    const plan = planRecipe(trim.model, trim.weights, recipeOf('wasm', trimming, int8));
    const { byteLength, weights } = await run(open, trimming, int8);
    expect(byteLength).toBe(plan.byteLength);
    const table = weights.find(({ name }) => name === trim.tables[0]?.name);
    expect(table?.technique).toBe('vocabulary + rtn');
    expect(table?.bytesBefore).toBe(trim.tables[0]?.bytesBefore);
  });
});

describe('the vocabulary stays', () => {
  test('where no texts but those that measure are there', async () => {
    const { warnings, files } = await run(await opened('test.csv'), trimming);
    expect(warnings.join()).toContain('The vocabulary stays. No texts say which tokens');
    expect(files).toHaveLength(1);
  });

  test('where the rows are no texts', async () => {
    const { warnings, byteLength } = await run(await opened(), trimming);
    expect(warnings.join()).toContain('The vocabulary stays. It needs texts');
    expect(byteLength).toBeGreaterThan(0);
  });
});
