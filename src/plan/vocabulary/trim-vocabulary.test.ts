import { describe, expect, test } from 'vitest';
import { StudioError } from '../../core/studio-error.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { openOnnx } from '../../formats/onnx/open.ts';
import { readFloat32 } from '../../formats/onnx/read-float32.ts';
import {
  asFiles,
  buildMessage,
  buildNode,
  buildValueInfo,
} from '../../formats/onnx/testing/build-model.ts';
import { findWeights } from '../../model/find-weights.ts';
import { MAIN_GRAPH } from '../../model/graphs.ts';
import { SMALL_GRAPHS, type SmallGraph, smallModel } from '../testing/small-graphs.ts';
import { type TokenSource, trimVocabulary } from './trim-vocabulary.ts';

const KEPT = [0, 3, 7, 49];

const tokens = (
  kept: readonly number[] = KEPT,
  tokensOutput: string | null = null,
): TokenSource => ({
  ...{ textCount: 5, textUnit: 'texts', idsInput: 'x', tokensOutput },
  trimmed: async () => ({ kept, files: [] }),
  reopen: async () => {},
});

async function trimmed(graph: SmallGraph | undefined, source: TokenSource | undefined = tokens()) {
  if (!graph) throw new Error('a graph');
  const model = await openOnnx(asFiles(smallModel(graph).bytes));
  return { model, result: await trimVocabulary(model, findWeights(model), source) };
}

const GATHER = SMALL_GRAPHS['Gather'];
const graphOf = (...nodes: SmallGraph['nodes']): SmallGraph => ({
  nodes,
  ...{ dims: [50, 64], input: [2, 3], output: [2, 3, 64], rows: 50 },
});
const lookup = (ids = 'x', output = 'y') => buildNode('Gather', ['W', ids], [output]);

test('a table keeps the rows of the tokens that stay', async () => {
  const { model, result } = await trimmed(GATHER);
  if ('refused' in result) throw new Error(result.refused);
  const [before] = findWeights(model);
  const [after] = result.weights;
  if (!before || !after) throw new Error('the table');
  expect(after.tensor.dims).toEqual([4, 64]);
  expect(result.tables).toEqual([{ name: 'W', tokensBefore: 50, bytesBefore: 50 * 64 * 4 }]);
  const [from, to] = [
    await readFloat32(model, before.tensor),
    await readFloat32(result.model, after.tensor),
  ];
  for (const [index, row] of KEPT.entries()) {
    expect(to.slice(64 * index, 64 * (index + 1))).toEqual(from.slice(64 * row, 64 * (row + 1)));
  }
});

test('ids may be turned and counted on their way', async () => {
  const graph = graphOf(
    buildNode('Cast', ['x'], ['wide'], { attributes: { to: { int: 7 } } }),
    buildNode('Shape', ['wide'], ['sizes']),
    buildNode('Reshape', ['wide', 'sizes'], ['ids']),
    lookup('ids'),
  );
  const { result } = await trimmed(graph);
  expect(result).toMatchObject({ tokenCount: 4 });
});

test('it is made once for the texts that are open', async () => {
  const source = tokens();
  const { model, result } = await trimmed(GATHER, source);
  expect(await trimVocabulary(model, findWeights(model), source)).toBe(result);
});

/** Ids that are looked up, and logits over the same 50 tokens. */
const headed = (
  head: SmallGraph['nodes'],
  others: NonNullable<SmallGraph['others']> = {},
): SmallGraph => ({
  nodes: [lookup('x', 'h'), ...head],
  ...{ dims: [50, 64], others, input: [3], output: [3, 50], rows: 50 },
});
const product = (output = 'y') => buildNode('MatMul', ['h', 'H'], [output]);
const turned = { attributes: { transB: { int: 1 } } };

describe('where tokens are predicted, the head keeps the columns of the tokens that stay', () => {
  test.each<[string, SmallGraph, Record<string, readonly number[]>]>([
    ['a table of its own', headed([product()], { H: [64, 50] }), { W: [4, 64], H: [64, 4] }],
    [
      'the table of embeddings, turned',
      headed([
        buildNode('Transpose', ['W'], ['V'], { attributes: { perm: { ints: [1, 0] } } }),
        buildNode('MatMul', ['h', 'V'], ['y']),
      ]),
      { W: [4, 64] },
    ],
    [
      'a tied Gemm with a bias a token',
      headed([buildNode('Gemm', ['h', 'W', 'b'], ['y'], turned)], { b: [50] }),
      { W: [4, 64], b: [4] },
    ],
    [
      'a bias behind the product, a cap on logits and a scale for all',
      headed(
        [
          product('p'),
          buildNode('Add', ['b', 'p'], ['q']),
          buildNode('Div', ['q', 'cap'], ['r']),
          buildNode('Tanh', ['r'], ['s']),
          buildNode('Mul', ['s', 'cap'], ['y']),
          buildNode('Shape', ['q'], ['sizes']),
        ],
        { H: [64, 50], b: [1, 50], cap: [1] },
      ),
      { W: [4, 64], H: [64, 4], b: [1, 4], cap: [1] },
    ],
  ])('%s', async (_name, graph, dims) => {
    const { model, result } = await trimmed(graph, tokens(KEPT, 'y'));
    if ('refused' in result) throw new Error(result.refused);
    const found = result.weights.map(({ name, tensor }) => [name, tensor.dims]);
    expect(Object.fromEntries(found)).toEqual(dims);
    expect(result.model.graph.outputs).toEqual([{ name: 'y', dtype: 'float32', dims: [3, 4] }]);
    for (const { name, axis } of [
      { name: 'H', axis: 1 },
      { name: 'b', axis: 1 },
    ]) {
      const [before, after] = [model, result.model].map(({ graph: { tensors } }) =>
        tensors.get(name),
      );
      if (!before || !after || before.dims.length <= axis) continue;
      const [from, to] = [await readFloat32(model, before), await readFloat32(result.model, after)];
      const columns = from.filter((_, at) => KEPT.includes(at % 50));
      expect(to).toEqual(columns);
    }
  });

  const tied = headed([
    buildNode('Transpose', ['W'], ['V'], { attributes: { perm: { ints: [1, 0] } } }),
    buildNode('MatMul', ['h', 'V'], ['y']),
  ]);
  const through = headed([product('p'), buildNode('Identity', ['p'], ['y'])], { H: [64, 50] });
  test.each([
    ['on the way to the output', 'p', [3, 50], through],
    ['between the table and the product', 'V', [64, 50], tied],
  ])('a value %s is not stated to be wider any more', async (_name, value, dims, graph) => {
    // Parsers of protobuf merge a second graph into the first.
    const stated = buildMessage([7, buildMessage([13, buildValueInfo(value, dims)])]);
    const blob = new Blob([smallModel(graph).bytes, stated]);
    const model = await openOnnx([{ path: 'model.onnx', blob }]);
    const statedOf = (it: OnnxModel) => it.wire.graphs.get(MAIN_GRAPH)?.valueInfos.has(value);
    expect(statedOf(model)).toBe(true);
    const result = await trimVocabulary(model, findWeights(model), tokens(KEPT, 'y'));
    if ('refused' in result) throw new Error(result.refused);
    expect(statedOf(result.model)).toBe(false);
  });

  test('a long way to the output takes time in proportion', async () => {
    const length = 20_000;
    const caps = Array.from({ length }, (_, at) =>
      buildNode('Tanh', [`v${at}`], [at + 1 < length ? `v${at + 1}` : 'y']),
    );
    const { result } = await trimmed(
      headed([product('v0'), ...caps], { H: [64, 50] }),
      tokens(KEPT, 'y'),
    );
    expect(result).toMatchObject({ tokenCount: 4 });
  }, 5000);
});

test('the vocabulary stays where rows cannot be split without it, and why', async () => {
  const reopen = () => Promise.reject(new StudioError('bad-tokenizer', 'A window is too long.'));
  const { result } = await trimmed(GATHER, { ...tokens(), reopen });
  expect(result).toEqual({ refused: 'A window is too long' });
  const broken = () => Promise.reject(new StudioError('bad-dataset', 'Not a table.'));
  await expect(trimmed(GATHER, { ...tokens(), reopen: broken })).rejects.toThrow('Not a table.');
});

describe('the vocabulary stays, and why,', () => {
  test.each<[string, SmallGraph | undefined, TokenSource | undefined, RegExp]>([
    [
      'of a tied head',
      SMALL_GRAPHS['embedding and product of one table'],
      tokens(),
      /also used by MatMul/,
    ],
    [
      'where ids are compared',
      graphOf(lookup(), buildNode('Equal', ['x', 'x'], ['same'])),
      tokens(),
      /^Equal reads the token ids themselves/,
    ],
    [
      'where ids are looked up in columns',
      SMALL_GRAPHS['Gather of columns'],
      tokens(),
      /^Gather reads/,
    ],
    [
      'where ids are never looked up',
      graphOf(buildNode('Shape', ['x'], ['y'])),
      tokens(),
      /in no table/,
    ],
    ['where every token is used', GATHER, tokens([...Array(50).keys()]), /^Every token is used/],
    [
      'where tokens have no row',
      GATHER,
      tokens([0, 50]),
      /fewer rows than the tokenizer has tokens/,
    ],
    [
      'where others read the logits',
      headed([product(), buildNode('Softmax', ['y'], ['z'])], { H: [64, 50] }),
      tokens(KEPT, 'y'),
      /^Softmax reads the logits/,
    ],
    [
      'where columns are mixed behind the product',
      headed([product('p'), buildNode('Softmax', ['p'], ['y'])], { H: [64, 50] }),
      tokens(KEPT, 'y'),
      /^Softmax makes y, whose columns it may mix/,
    ],
    [
      'where logits are the sum of two products',
      headed([product('p'), product('q'), buildNode('Add', ['p', 'q'], ['y'])], { H: [64, 50] }),
      tokens(KEPT, 'y'),
      /^Add makes y of two values/,
    ],
    [
      'where logits are a product of two values',
      headed([buildNode('Tanh', ['h'], ['t']), buildNode('MatMul', ['h', 't'], ['y'])]),
      tokens(KEPT, 'y'),
      /^y is no product with a table/,
    ],
    [
      'where the table is added to something else',
      headed([product(), buildNode('Relu', ['H'], ['z'])], { H: [64, 50] }),
      tokens(KEPT, 'y'),
      /^H is also used by Relu/,
    ],
    ['where no texts calibrate', GATHER, { ...tokens(), textCount: 0 }, /^No texts say/],
  ])('%s', async (_name, graph, source, reason) => {
    const { result } = await trimmed(graph, source);
    expect(result).toEqual({ refused: expect.stringMatching(reason) });
  });

  test('where rows are no texts', async () => {
    const model = await openOnnx(asFiles(smallModel(GATHER as SmallGraph).bytes));
    expect(await trimVocabulary(model, findWeights(model), undefined)).toEqual({
      refused: expect.stringContaining('It needs texts'),
    });
  });
});
