/** The runtime on a model with fewer tokens: for those that stay its logits are the original's. */
import { expect, test } from 'vitest';
import { createSession } from '../bench/session.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { asFiles, buildNode } from '../formats/onnx/testing/build-model.ts';
import { findWeights } from '../model/find-weights.ts';
import { type SmallGraph, smallModel } from '../plan/testing/small-graphs.ts';
import { trimVocabulary } from '../plan/vocabulary/trim-vocabulary.ts';

const KEPT = [0, 3, 7, 49];
const lookup = buildNode('Gather', ['W', 'x'], ['h']);
const sizes = { dims: [50, 64], input: [3], output: [3, 50], rows: 50 };

const GRAPHS: Readonly<Record<string, SmallGraph>> = {
  'a head of its own, with a bias and a cap': {
    nodes: [
      lookup,
      buildNode('MatMul', ['h', 'H'], ['p']),
      buildNode('Add', ['p', 'b'], ['q']),
      buildNode('Div', ['q', 'cap'], ['r']),
      buildNode('Tanh', ['r'], ['s']),
      buildNode('Mul', ['s', 'cap'], ['y']),
    ],
    ...{ ...sizes, others: { H: [64, 50], b: [50], cap: [1] } },
  },
  'a tied head': {
    nodes: [
      lookup,
      buildNode('Transpose', ['W'], ['V'], { attributes: { perm: { ints: [1, 0] } } }),
      buildNode('MatMul', ['h', 'V'], ['y']),
    ],
    ...sizes,
  },
  'a tied Gemm': {
    nodes: [
      lookup,
      buildNode('Gemm', ['h', 'W', 'b'], ['y'], { attributes: { transB: { int: 1 } } }),
    ],
    ...{ ...sizes, others: { b: [50] } },
  },
};

test.each(Object.entries(GRAPHS))('%s', async (_name, graph) => {
  const model = await openOnnx(asFiles(smallModel(graph).bytes));
  const source = {
    ...{ textCount: 1, textUnit: 'texts' as const, idsInput: 'x', tokensOutput: 'y' },
    trimmed: async () => ({ kept: KEPT, files: [] }),
    reopen: async () => {},
  };
  const result = await trimVocabulary(model, findWeights(model), source);
  if ('refused' in result) throw new Error(result.refused);
  const logitsOf = async (file: Blob | undefined, ids: readonly number[]) => {
    if (!file) throw new Error('a model has a file');
    const session = await createSession(file, 'wasm');
    const data = BigInt64Array.from(ids, BigInt);
    const { y } = await session.run({ x: { dtype: 'int64', dims: [3], data } });
    await session.release();
    return y;
  };
  const before = await logitsOf(model.files[0]?.blob, [7, 0, 49]);
  const after = await logitsOf(result.model.files[0]?.blob, [2, 0, 3]);
  expect(after?.dims).toEqual([3, 4]);
  const columns = Array.from((before?.data ?? []) as Float32Array).filter((_, at) =>
    KEPT.includes(at % 50),
  );
  for (const [at, value] of columns.entries()) expect(after?.data[at]).toBeCloseTo(value, 5);
});
