import { describe, expect, test } from 'vitest';
import type { ValueInfo } from '../model/model.ts';
import { openDataset } from './dataset.ts';
import { NO_MAPPING } from './mapping.ts';
import {
  languageModel,
  languageModelOf,
  named,
  textModel,
  tinyTokenizer,
  tinyTokenizerWith,
} from './testing/tiny-files.ts';

const tokenizer = named('tokenizer.json', tinyTokenizer);
const config = (json: object) => named('config.json', JSON.stringify(json));
const positions = config({ max_position_embeddings: 4, architectures: ['TinyForCausalLM'] });
const seed = { seed: 1 };
const windowsOf = (rows: { count: number; tokens(index: number): readonly number[] | null }) =>
  Array.from({ length: rows.count }, (_, index) => rows.tokens(index));

describe('running text', () => {
  test('is cut into windows as long as the model has positions; a last lone token is left out', async () => {
    // [CLS] good bad movie . | good good bad . [SEP]: windows of 4, the last of 2.
    const text = named('test.txt', 'good bad movie .\r\ngood good bad .');
    const dataset = await openDataset([text, tokenizer, positions], languageModel(), seed);
    expect(windowsOf(dataset.evaluation)).toEqual([
      [2, 4, 5, 6],
      [8, 4, 4, 5],
      [8, 3],
    ]);
    expect(dataset.evaluation.text(1)).toMatch(/good good bad$/);
    expect(dataset).toMatchObject({
      task: 'next-token',
      preprocessing: 'windows of 4 tokens, 7 tokens predicted, no padding',
      summary: { kind: 'text', metric: 'perplexity', name: 'test.txt', needsMapping: [] },
    });
    const odd = named('test.txt', 'good bad movie');
    const one = await openDataset([odd, tokenizer, positions], languageModel(), seed);
    expect(windowsOf(one.evaluation)).toEqual([[2, 4, 5, 6]]); // [SEP] alone predicts nothing
    const feeds = await one.evaluation.feeds(0);
    expect(feeds['input_ids']?.data).toEqual(BigInt64Array.of(2n, 4n, 5n, 6n));
    expect(feeds['attention_mask']?.data).toEqual(BigInt64Array.of(1n, 1n, 1n, 1n));
    expect((await one.latencyInput(3))?.description).toBe('1 × 3 tokens');
    const long = named('test.txt', 'good '.repeat(100));
    const { briefRows } = await openDataset([long, tokenizer], languageModel(), seed);
    expect((await briefRows.feeds(0))['attention_mask']?.dims).toEqual([1, 32]);
    expect(briefRows.tokens(0)).toHaveLength(32);
  });

  test('windows are as long as the person says, up to the positions', async () => {
    const files = [named('test.txt', 'good '.repeat(20)), tokenizer, positions];
    const opened = async (windowTokens: number) => {
      const mapping = { ...NO_MAPPING, windowTokens };
      return (await openDataset(files, languageModel(), { seed: 1, mapping })).preprocessing;
    };
    expect(await opened(3)).toMatch(/^windows of 3 tokens/);
    expect(await opened(3000)).toMatch(/^windows of 4 tokens/);
  });

  test('calibrates and measures by the names of the files; equal windows do not do both', async () => {
    const files = [
      named('calibration.txt', 'good bad movie . good good'),
      named('test.txt', 'good bad bad bad bad bad bad movie movie'),
      tokenizer,
      positions,
    ];
    const { summary, calibration } = await openDataset(files, languageModel(), seed);
    expect(summary).toMatchObject({ name: 'test.txt', evaluationRows: 3, calibrationRows: 2 });
    expect(windowsOf(calibration)).toEqual([
      [2, 4, 5, 6],
      [8, 4, 4, 3],
    ]);
  });

  describe('of a run with a tokenizer of its own', () => {
    const file = named('test.txt', 'good movies . bad movies . good');
    // Of the original's ten tokens the run has nine: "movies" is "movie" and "##s" then.
    const whole = named('tokenizer.json', tinyTokenizerWith('movies'));
    const opened = (windowTokens: number, ...files: (typeof file)[]) => {
      const all = [named('calibration.txt', 'good bad .'), whole, ...files];
      const mapping = { ...NO_MAPPING, windowTokens };
      return openDataset(all, languageModelOf(10), { seed: 1, mapping });
    };

    test('windows have the same text, and say where tokens end', async () => {
      const { evaluation, vocabulary } = await opened(4, file);
      expect(windowsOf(evaluation)).toEqual([
        [2, 4, 9, 8],
        [5, 9, 8, 4],
      ]);
      const own = await vocabulary?.reopen([tokenizer], languageModel());
      expect(own?.evaluation.count).toBe(2);
      expect(windowsOf(own?.evaluation ?? evaluation)).toEqual([
        [2, 4, 6, 7, 8],
        [5, 6, 7, 8, 4],
      ]);
      expect(own?.evaluation.places?.(0)).toEqual({
        ...{ ends: [0, 1, 3, 4], originalLength: 4, length: 5 },
      });
      expect(own?.originalIds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(own?.preprocessing).toBe('windows of 4 tokens, 6 tokens predicted, no padding');
    });

    test('brief ones stop where the original’s do', async () => {
      const long = named('test.txt', 'movies '.repeat(40));
      const { vocabulary, briefRows } = await opened(256, long);
      const own = await vocabulary?.reopen([tokenizer], languageModel());
      expect(briefRows.tokens(0)).toHaveLength(32);
      expect(own?.briefRows.tokens(0)).toHaveLength(63);
      expect(own?.briefRows.places?.(0)).toMatchObject({ originalLength: 32, length: 63 });
      expect((await own?.briefRows.feeds(0))?.['input_ids']?.dims).toEqual([1, 63]);
    });

    test('of a fixed length are padded as the original’s are', async () => {
      const fixed = (rows: number) => {
        const { graph, files } = languageModelOf(rows);
        const inputs = graph.inputs.map((input) => ({ ...input, dims: [1, 6] }));
        return { graph: { ...graph, inputs }, files };
      };
      const files = [file, named('calibration.txt', 'good bad .'), whole];
      const mapping = { ...NO_MAPPING, windowTokens: 4 };
      const { vocabulary } = await openDataset(files, fixed(10), { seed: 1, mapping });
      const own = await vocabulary?.reopen([tokenizer], fixed(9));
      expect(own?.evaluation.places?.(0)).toEqual({
        ...{ ends: [0, 1, 3, 4], originalLength: 6, length: 6 },
      });
      const feeds = await own?.evaluation.feeds(0);
      expect(feeds?.['attention_mask']?.data).toEqual(BigInt64Array.of(1n, 1n, 1n, 1n, 1n, 0n));
    });

    test('longer ones than the model reads are refused with a remedy', async () => {
      const { vocabulary } = await opened(4, file, positions);
      await expect(vocabulary?.reopen([tokenizer], languageModel())).rejects.toThrow(
        /a window of test\.txt takes 5, and the model reads at most 4/,
      );
    });

    test('a text that it spells otherwise is refused', async () => {
      const { vocabulary } = await opened(4, file);
      const other = named('tokenizer.json', tinyTokenizer.replaceAll('"movie"', '"moved"'));
      await expect(vocabulary?.reopen([other], languageModel())).rejects.toMatchObject({
        ...{ code: 'bad-tokenizer', message: expect.stringContaining('spelled otherwise') },
      });
    });
  });

  test('sentences of a table for a model that predicts tokens are of its tokens too', async () => {
    const table = named('test.csv', 'text\ngood movies .\n');
    const { vocabulary } = await openDataset([table, tokenizer], languageModel(), seed);
    expect(vocabulary?.tokensOutput).toBe('logits');
    const classifier = await openDataset([table, tokenizer], textModel(9), seed);
    expect(classifier.vocabulary?.tokensOutput).toBeNull();
  });

  test('a fixed length is padded under a zero mask, and padding is not predicted', async () => {
    const fixed: ValueInfo[] = ['input_ids', 'attention_mask'].map((name) => ({
      ...{ name, dtype: 'int64' as const, dims: [1, 4] },
    }));
    const { graph, files } = languageModel();
    const model = { graph: { ...graph, inputs: fixed }, files };
    const text = named('test.txt', 'good bad movie . good');
    const dataset = await openDataset([text, tokenizer], model, seed);
    expect(windowsOf(dataset.evaluation).at(-1)).toEqual([8, 4, 3]);
    const feeds = await dataset.evaluation.feeds(1);
    expect(feeds['input_ids']?.data).toEqual(BigInt64Array.of(8n, 4n, 3n, 0n));
    expect(feeds['attention_mask']?.data).toEqual(BigInt64Array.of(1n, 1n, 1n, 0n));
  });
});

describe('a first step of a decoder', () => {
  const cache = (name: string, ...dims: (string | number)[]): ValueInfo => ({
    ...{ name, dtype: 'float32', dims },
  });
  const text = named('test.txt', 'good bad');

  test('has empty caches, their flag off, positions from 0 and all logits', async () => {
    const model = languageModel(
      { name: 'position_ids', dtype: 'int64', dims: ['batch', 'sequence'] },
      cache('past_key_values.0.key', 'batch', 2, 'past_sequence', 8),
      { name: 'past_key_values.0.value', dtype: 'float16', dims: ['batch', 2, 'past', 8] },
      { name: 'use_cache_branch', dtype: 'bool', dims: [1] },
      { name: 'num_logits_to_keep', dtype: 'int64', dims: [] },
    );
    const { evaluation, summary } = await openDataset([text, tokenizer], model, seed);
    expect(summary.kind).toBe('text');
    expect(await evaluation.feeds(0)).toMatchObject({
      position_ids: { dims: [1, 4], data: BigInt64Array.of(0n, 1n, 2n, 3n) },
      'past_key_values.0.key': { dims: [1, 2, 0, 8], data: new Float32Array(0) },
      'past_key_values.0.value': { dims: [1, 2, 0, 8], data: new Uint16Array(0) },
      use_cache_branch: { dims: [1], data: Uint8Array.of(0) },
      num_logits_to_keep: { dims: [], data: BigInt64Array.of(0n) },
    });
  });

  test.each([
    [cache('past_key', 1, 2, 512, 8), 'past_key is a cache of fixed length'],
    [cache('past_key', 'batch', 'heads', 'past', 8), 'past_key is a cache of unknown length'],
    [cache('past_key', 4, 2, 'past', 8), 'exactly 4 rows at once'],
    [
      cache('encoder_hidden_states', 'batch', 's', 8),
      'encoder_hidden_states is not made of tokens',
    ],
  ])('whose input cannot be filled is refused by name', async (input, reason) => {
    const { summary } = await openDataset([text, tokenizer], languageModel(input), seed);
    expect(summary.kind).toBe('synthetic');
    expect(summary.unread[0]).toMatchObject({
      path: 'test.txt',
      reason: expect.stringContaining(reason),
    });
  });
});

test.each([
  ['a classifier', [config({ architectures: ['BertForSequenceClassification'] })], 'SequenceClass'],
  ['a model that fills masks', [config({ architectures: ['BertForMaskedLM'] })], 'BertForMaskedLM'],
  ['no tokenizer', 'without', 'needs the model’s tokenizer.json'],
] as const)('of %s says why it is not read', async (_, more, reason) => {
  const files = [named('test.txt', 'good'), ...(more === 'without' ? [] : [tokenizer, ...more])];
  const { summary } = await openDataset(files, languageModel(), seed);
  expect(summary.unread[0]?.reason).toContain(reason);
});

test('is not what a model of one answer a row is measured with', async () => {
  const files = [named('test.txt', 'good'), named('test.csv', 'text\ngood\n'), tokenizer];
  const { summary } = await openDataset(files, textModel(9), seed);
  expect(summary.name).toBe('test.csv');
  expect(summary.unread[0]?.reason).toContain('one answer a row');
});

test.each([
  ['empty', '', 'fewer than two tokens'],
  ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0x41), 'not UTF-8'],
])('%s text is refused', async (_, content, message) => {
  const template = JSON.parse(tinyTokenizer);
  const bare = named('tokenizer.json', JSON.stringify({ ...template, post_processor: null }));
  await expect(
    openDataset([named('test.txt', content), bare], languageModel(), seed),
  ).rejects.toMatchObject({ code: 'bad-dataset', message: expect.stringContaining(message) });
});

test('text over 4 MiB is refused; of a training text the start calibrates', async () => {
  const long = 'good bad movie .\n'.repeat(300_000);
  const measured = openDataset([named('test.txt', long), tokenizer], languageModel(), seed);
  await expect(measured).rejects.toMatchObject({ code: 'too-large' });
  const files = [named('train.txt', long), named('test.txt', 'bad bad bad'), tokenizer];
  const { summary } = await openDataset(files, languageModel(), seed);
  expect(summary).toMatchObject({ evaluationRows: 1, calibrationRows: 512 });
  expect(summary.unread[0]?.reason).toMatch(/^only its first 419\d{4} B calibrate$/);
}, 60_000);
