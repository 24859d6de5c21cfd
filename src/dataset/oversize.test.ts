/** Numbers in a few bytes that must not become memory, time or a crash. */
import { expect, test } from 'vitest';
import type { Node, ValueInfo } from '../model/model.ts';
import { openDataset } from './dataset.ts';
import {
  graphOf,
  languageModel,
  modelOf,
  named,
  npy,
  npz,
  textModel,
  tinyTokenizer,
} from './testing/tiny-files.ts';
import { tableRows } from './vocabulary.ts';

const seed = { seed: 1 };
const tokenizer = named('tokenizer.json', tinyTokenizer);
const floats = (name: string, ...dims: (number | string)[]): ValueInfo => ({
  name,
  dtype: 'float32',
  dims,
});

test.each([2 ** 21, 2 ** 40, Number.MAX_SAFE_INTEGER])(
  'a model of exactly %i tokens takes no text',
  async (length) => {
    const ids: ValueInfo = { name: 'input_ids', dtype: 'int64', dims: [1, length] };
    const model = modelOf(graphOf([ids], { input: 'input_ids', rows: 9 }));
    const files = [named('test.csv', 'text\ngood\n'), tokenizer];
    const { summary, latencyInput } = await openDataset(files, model, seed);
    expect(summary.unread[0]?.reason).toContain(`exactly ${length} tokens`);
    if (length > 2 ** 26) expect(await latencyInput()).toBeNull();
  },
);

test('rows without elements are counted against a limit', async () => {
  const rows = npy('<f4', [2 ** 50, 0], new Float32Array(0));
  const opening = openDataset(
    [named('test.npz', npz({ x: rows }))],
    modelOf(graphOf([floats('x', 'batch', 'n')])),
    seed,
  );
  await expect(opening).rejects.toMatchObject({
    code: 'bad-dataset',
    message: expect.stringContaining('at most 1000000 are read'),
  });
});

test('many large inputs are not made up', async () => {
  const inputs = Array.from({ length: 100 }, (_, i) => floats(`x${i}`, 1, 2 ** 25));
  const { summary, evaluation } = await openDataset([], modelOf(graphOf(inputs)), seed);
  expect(evaluation.count).toBe(0);
  expect(summary.limitation).toContain('over 67108864 elements');
});

test('a row of 300,000 tokens is timed and measured, cut', async () => {
  const content = `text\n${'good '.repeat(300_000)}\n`;
  const files = [named('test.csv', content), tokenizer];
  const { evaluation, latencyInput } = await openDataset(files, textModel(9), seed);
  expect((await evaluation.feeds(0))['input_ids']?.dims).toEqual([1, 512]);
  expect((await latencyInput())?.description).toBe('1 × 32 tokens');
});

test('an added token with the largest id opens as any other', { timeout: 5000 }, async () => {
  const json = JSON.parse(tinyTokenizer);
  json.added_tokens.push({ id: 2 ** 31 - 1, content: '<far>', special: true });
  const tokenizer = named('tokenizer.json', JSON.stringify(json));
  const model = languageModel();
  const { vocabulary } = await openDataset([named('test.txt', 'good bad'), tokenizer], model, {
    seed: 1,
  });
  const own = await vocabulary?.reopen([named('tokenizer.json', tinyTokenizer)], model);
  expect(own?.originalIds).toHaveLength(9);
});

test('inputs called as what every object has are fed', async () => {
  const names = ['__proto__', 'constructor', 'toString'];
  const model = modelOf(graphOf(names.map((name) => floats(name, 1, 2))));
  const made = await openDataset([], model, seed);
  expect(Object.keys(await made.evaluation.feeds(0)).toSorted()).toEqual(names.toSorted());
  const array = npy('<f4', [3, 2], new Float32Array(6));
  const files = names.map((name) => named(`${name}.npy`, array));
  const given = await openDataset(files, model, seed);
  expect(given.summary.kind).toBe('unlabelled');
  expect(Object.keys(await given.evaluation.feeds(0)).toSorted()).toEqual(names.toSorted());
});

test('40,000 lookups in tables that nodes make take time in proportion', { timeout: 5000 }, () => {
  const node = (index: number, op: string, inputs: string[], outputs: string[]): Node => ({
    ...{ index, name: '', op, domain: '', inputs, outputs },
    ...{ attributes: new Map(), subgraphs: [], subgraphNames: [] },
  });
  const nodes = Array.from({ length: 40_000 }, (_, i) => [
    node(2 * i, 'Identity', [i === 0 ? 'x' : `t${i - 1}`], [`t${i}`]),
    node(2 * i + 1, 'Gather', [`t${i}`, 'ids'], [`g${i}`]),
  ]).flat();
  expect(tableRows({ ...graphOf([]), nodes }, 'ids')).toBeNull();
});

test('ids of a table without rows are not made up', async () => {
  const ids: ValueInfo = { name: 'input_ids', dtype: 'int64', dims: ['batch', 'sequence'] };
  const model = modelOf(graphOf([ids], { input: 'input_ids', rows: 0 }));
  const { summary } = await openDataset([], model, seed);
  expect(summary.limitation).toContain('the table that the input input_ids indexes has no rows');
});
