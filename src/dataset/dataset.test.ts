import { describe, expect, test } from 'vitest';
import type { DatasetSummary as ReportSummary } from '../report/model-summary.ts';
import { openDataset } from './dataset.ts';
import {
  graphOf,
  imageModel,
  imagesNpz,
  modelOf,
  named,
  npy,
  npz,
  textModel,
  tinyTokenizer,
} from './testing/tiny-files.ts';

const seed = { seed: 1 };
const config = named(
  'config.json',
  '{"id2label":{"0":"neg","1":"pos"},"max_position_embeddings":16}',
);
const tokenizer = named('tokenizer.json', tinyTokenizer);

test('a sentence becomes exactly the ids, mask and types of its tokens', async () => {
  const csv = named('test.csv', 'text,label\n"Good movies.",pos\nbad,neg\n');
  const train = named('train.csv', 'text,label\nbad movie,neg\nbad,neg\n');
  const dataset = await openDataset([csv, train, tokenizer, config], textModel(9), seed);
  const summary: ReportSummary = dataset.summary;
  expect(summary).toEqual({
    kind: 'labelled',
    name: 'test.csv',
    evaluationRows: 2,
    calibrationRows: 1, // "bad" is in both
    labels: ['neg', 'pos'],
    metric: 'accuracy',
    needsMapping: [],
    limitation: null,
    cutAt: 16,
    unread: [],
  });
  expect(dataset.preprocessing).toBe('cut at 16 tokens, no padding');
  expect(await dataset.evaluation.feeds(0)).toEqual({
    input_ids: { dtype: 'int64', dims: [1, 6], data: BigInt64Array.of(2n, 4n, 6n, 7n, 8n, 3n) },
    attention_mask: { dtype: 'int64', dims: [1, 6], data: new BigInt64Array(6).fill(1n) },
    token_type_ids: { dtype: 'int64', dims: [1, 6], data: new BigInt64Array(6) },
  });
  expect([0, 1].map(dataset.evaluation.label)).toEqual([1, 0]);
  expect(dataset.calibration.text(0)).toBe('bad movie');
});

test('long rows are cut with their special tokens kept', async () => {
  const csv = named('test.csv', `text\n${'good '.repeat(40)}\n`);
  const limits = named('tokenizer_config.json', '{"model_max_length":8}');
  const dataset = await openDataset([csv, tokenizer, limits, config], textModel(9), seed);
  const { input_ids: ids } = await dataset.evaluation.feeds(0);
  expect(Array.from(ids?.data ?? [], Number)).toEqual([2, 4, 4, 4, 4, 4, 4, 3]);
  expect(dataset.summary.limitation).toBe(
    'No labels in test.csv: accuracy is not measured, only fidelity (how close the outputs stay to the original’s).',
  );
});

test('latency input joins rows to exactly the asked length', async () => {
  const csv = named('test.csv', 'text\ngood movies\nbad\n');
  const dataset = await openDataset([csv, tokenizer, config], textModel(9), seed);
  const input = await dataset.latencyInput(12);
  expect(input?.description).toBe('1 × 12 tokens');
  const ids = Array.from(input?.feeds['input_ids']?.data ?? [], Number);
  expect(ids).toHaveLength(12);
  expect([ids[0], ids[11]]).toEqual([2, 3]);
  expect(Array.from(input?.feeds['attention_mask']?.data ?? [], Number)).toEqual(Array(12).fill(1));
  expect((await dataset.latencyInput())?.description).toBe('1 × 16 tokens'); // the model's own limit
});

test('a fixed sequence length is padded under a zero mask', async () => {
  const inputs = ['input_ids', 'attention_mask'].map((name) => ({
    name,
    dtype: 'int32' as const,
    dims: [1, 8],
  }));
  const model = modelOf(graphOf(inputs, { input: 'input_ids', rows: 9 }));
  const csv = named('test.csv', 'text\ngood\n');
  const dataset = await openDataset([csv, tokenizer], model, seed);
  expect(dataset.preprocessing).toBe('cut at 8 tokens, padded to 8');
  expect(await dataset.evaluation.feeds(0)).toEqual({
    input_ids: { dtype: 'int32', dims: [1, 8], data: Int32Array.of(2, 4, 3, 0, 0, 0, 0, 0) },
    attention_mask: { dtype: 'int32', dims: [1, 8], data: Int32Array.of(1, 1, 1, 0, 0, 0, 0, 0) },
  });
});

describe('arrays', () => {
  test('rows of an npz feed the input of their name', async () => {
    const files = [named('test.npz', imagesNpz(5)), named('calibration.npz', imagesNpz(4, 3))];
    const dataset = await openDataset(files, imageModel, seed);
    expect(dataset.summary).toMatchObject({
      kind: 'labelled',
      evaluationRows: 5,
      calibrationRows: 2, // rows 3 and 4 are measured too
    });
    expect(await dataset.evaluation.feeds(1)).toEqual({
      image: { dtype: 'float32', dims: [1, 1, 2, 2], data: Float32Array.of(4, 5, 6, 7) },
    });
    expect(dataset.evaluation.label(4)).toBe(1);
    expect((await dataset.latencyInput())?.description).toBe('1 × 1 × 2 × 2');
  });

  test('npy files belong together by their prefix', async () => {
    const files = [
      named('test_image.npy', npy('<f8', [2, 1, 2, 2], Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8))),
      named('test_labels.npy', npy('<i4', [2], Int32Array.of(1, 0))),
      named('train_image.npy', npy('<f4', [1, 1, 2, 2], Float32Array.of(9, 9, 9, 9))),
    ];
    const dataset = await openDataset(files, imageModel, seed);
    expect(await dataset.evaluation.feeds(1)).toEqual({
      image: { dtype: 'float32', dims: [1, 1, 2, 2], data: Float32Array.of(5, 6, 7, 8) },
    });
    expect(dataset.summary).toMatchObject({
      kind: 'labelled',
      evaluationRows: 2,
      calibrationRows: 1,
    });
  });

  test('masks and types that are not stored are filled in', async () => {
    const ids = npz({ input_ids: npy('<i8', [1, 3], BigInt64Array.of(5n, 6n, 7n)) });
    const dataset = await openDataset([named('test.npz', ids)], textModel(9), seed);
    expect(await dataset.evaluation.feeds(0)).toMatchObject({
      attention_mask: { dims: [1, 3], data: BigInt64Array.of(1n, 1n, 1n) },
      token_type_ids: { dims: [1, 3], data: BigInt64Array.of(0n, 0n, 0n) },
    });
  });
});

describe('without data', () => {
  test('token ids stay in the vocabulary and the summary says synthetic', async () => {
    const dataset = await openDataset([], textModel(9), seed);
    expect(dataset.summary).toMatchObject({
      kind: 'synthetic',
      limitation: 'Synthetic inputs: fidelity only, accuracy not measured.',
    });
    const feeds = await dataset.evaluation.feeds(3);
    const ids = Array.from(feeds['input_ids']?.data ?? [], Number);
    expect(ids).toHaveLength(32);
    expect(Math.max(...ids)).toBeLessThan(9);
    expect(new Set(ids).size).toBeGreaterThan(4);
    expect(feeds['attention_mask']?.data).toEqual(new BigInt64Array(32).fill(1n));
    expect((await dataset.latencyInput())?.description).toBe('1 × 32 tokens');
    const again = await openDataset([], textModel(9), seed);
    expect(await again.evaluation.feeds(3)).toEqual(feeds);
    expect(await again.calibration.feeds(3)).not.toEqual(feeds);
  });

  test('images, caches and flags have sensible shapes', async () => {
    const graph = graphOf([
      { name: 'pixel_values', dtype: 'float32', dims: ['batch', null, 'height', 'width'] },
      { name: 'past_key_values.0.key', dtype: 'float32', dims: ['batch', 4, 'past_length', 48] },
      { name: 'use_cache_branch', dtype: 'bool', dims: [1] },
      { name: 'position_ids', dtype: 'int64', dims: ['batch', 'sequence'] },
    ]);
    const { evaluation } = await openDataset([], modelOf(graph), seed);
    const feeds = await evaluation.feeds(0);
    const dims = Object.values(feeds).map((tensor) => tensor.dims);
    expect(dims).toEqual([[1, 3, 224, 224], [1, 4, 0, 48], [1], [1, 32]]);
    expect(feeds['use_cache_branch']?.data).toEqual(Uint8Array.of(0));
    expect(Array.from(feeds['position_ids']?.data ?? [], Number).slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  test('an input that cannot be made up leaves nothing to measure, with the reason', async () => {
    const graph = graphOf([{ name: 'sentence', dtype: 'string', dims: ['batch'] }]);
    const dataset = await openDataset([], modelOf(graph), seed);
    expect(dataset.evaluation.count).toBe(0);
    expect(dataset.summary.limitation).toContain('the input sentence is of type string');
    expect(await dataset.latencyInput()).toBeNull();
  });
});

test('files that are not read are named with the reason; the model and its papers are not', async () => {
  const files = [
    'model.onnx',
    'README.md',
    'test.txt',
    'cats/1.png',
    'model.safetensors',
    'x.bin',
    'a.foo',
  ];
  const dataset = await openDataset(
    files.map((path) => named(path, 'x')),
    textModel(9),
    seed,
  );
  expect(dataset.summary.unread.map(({ path, reason }) => `${path}: ${reason}`).sort()).toEqual([
    'a.foo: this kind of file is not known',
    'cats/1.png: the model takes no images',
    'model.safetensors: safetensors files are not read yet',
    'test.txt: the model gives one answer a row, and running text wants one a token',
    'x.bin: this kind of model file is not read',
  ]);
});

test('a table without a tokenizer is named and inputs are made up', async () => {
  const { summary } = await openDataset([named('test.csv', 'text\nx\n')], textModel(9), seed);
  expect(summary.kind).toBe('synthetic');
  expect(summary.unread).toEqual([
    { path: 'test.csv', reason: 'it needs the model’s tokenizer.json' },
  ]);
});
