import { describe, expect, test } from 'vitest';
import { openOnnx } from '../formats/onnx/open.ts';
import { readFloat32 } from '../formats/onnx/read-float32.ts';
import { asFiles, buildNode } from '../formats/onnx/testing/build-model.ts';
import { findWeights } from '../model/find-weights.ts';
import { SMALL_GRAPHS, type SmallGraph, smallModel } from './testing/small-graphs.ts';
import { type TokenSource, trimVocabulary } from './trim-vocabulary.ts';

const KEPT = [0, 3, 7, 49];

const tokens = (kept: readonly number[] = KEPT): TokenSource => ({
  ...{ textCount: 5, idsInput: 'x' },
  trimmed: async () => ({ kept, files: [] }),
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
  expect(result.tables).toEqual([{ name: 'W', rowsBefore: 50, bytesBefore: 50 * 64 * 4 }]);
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
  expect(result).toMatchObject({ rows: 4 });
});

test('it is made once for the texts that are open', async () => {
  const source = tokens();
  const { model, result } = await trimmed(GATHER, source);
  expect(await trimVocabulary(model, findWeights(model), source)).toBe(result);
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
    ['where no texts calibrate', GATHER, { ...tokens(), textCount: 0 }, /^No texts say/],
  ])('%s', async (_name, graph, source, reason) => {
    const { result } = await trimmed(graph, source);
    expect(result).toEqual({ refused: expect.stringMatching(reason) });
  });

  test('where rows are no texts', async () => {
    const model = await openOnnx(asFiles(smallModel(GATHER as SmallGraph).bytes));
    expect(await trimVocabulary(model, findWeights(model), undefined)).toEqual({
      refused: expect.stringContaining('needs a table of texts'),
    });
  });
});
