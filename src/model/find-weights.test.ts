import { expect, test } from 'vitest';
import { findWeights } from './find-weights.ts';
import type { Attribute, Graph, Model, Node, Tensor } from './model.ts';

const constant = (name: string, dims: readonly number[] = [2, 3]): Tensor => ({
  name,
  dtype: 'float32',
  dims,
  byteLength: 24,
  storedByteLength: 24,
  payload: { kind: 'inline', bytes: new Uint8Array(24) },
  place: 'initializer',
});

const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  rest: Partial<Node> = {},
): Node => ({
  ...{ index: 0, name: '', op, domain: '', inputs, outputs },
  ...{ attributes: new Map(), subgraphs: [] },
  ...rest,
});

const perm = (...values: readonly number[]) =>
  new Map<string, Attribute>([['perm', { kind: 'ints', values }]]);

function graphOf(
  nodes: readonly Node[],
  tensors: readonly Tensor[],
  rest: Partial<Graph> = {},
): Graph {
  return {
    name: 'g',
    nodes: nodes.map((item, index) => ({ ...item, index })),
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    inputs: [],
    outputs: [],
    overridable: new Set(),
    ...rest,
  };
}

const modelOf = (graph: Graph): Model => ({
  ...{ name: 'm.onnx', format: 'onnx', files: [], byteLength: 0, irVersion: 8, graph },
  ...{ opsets: new Map(), producer: '', metadata: new Map(), parameterCount: 0, notes: [] },
});

const find = (...args: Parameters<typeof graphOf>) => findWeights(modelOf(graphOf(...args)));

test('a weight lists every use, in order of execution', () => {
  const [weight] = find(
    [
      node('MatMul', ['x', 'W'], ['t'], { name: 'a' }),
      node('Add', ['W', 'W'], ['y'], { domain: 'd' }),
    ],
    [constant('W')],
  );
  expect(weight?.uses).toEqual([
    {
      graph: '',
      nodeIndex: 0,
      op: 'MatMul',
      domain: '',
      nodeName: 'a',
      inputIndex: 1,
      via: [],
      permutation: null,
    },
    {
      graph: '',
      nodeIndex: 1,
      op: 'Add',
      domain: 'd',
      nodeName: '',
      inputIndex: 0,
      via: [],
      permutation: null,
    },
    {
      graph: '',
      nodeIndex: 1,
      op: 'Add',
      domain: 'd',
      nodeName: '',
      inputIndex: 1,
      via: [],
      permutation: null,
    },
  ]);
});

test('Identity and Transpose are looked through, permutations compose', () => {
  const [weight] = find(
    [
      node('Identity', ['W'], ['i']),
      node('Transpose', ['i'], ['t'], { attributes: perm(1, 2, 0) }),
      node('Transpose', ['t'], ['u'], { attributes: perm(0, 2, 1) }),
      node('MatMul', ['x', 't'], ['y']),
      node('MatMul', ['x', 'u'], ['z']),
    ],
    [constant('W', [2, 3, 4])],
  );
  // t[a,b,c] has the axes 1, 2, 0 of W; u those of t in the order 0, 2, 1.
  expect(weight?.uses).toMatchObject([
    { nodeIndex: 3, via: [0, 1], permutation: [1, 2, 0] },
    { nodeIndex: 4, via: [0, 1, 2], permutation: [1, 0, 2] },
  ]);
});

test('a Transpose without perm reverses; two cancel out', () => {
  const [weight] = find(
    [
      node('Transpose', ['W'], ['t']),
      node('MatMul', ['x', 't'], ['y']),
      node('Transpose', ['t'], ['u']),
      node('MatMul', ['x', 'u'], ['z']),
    ],
    [constant('W')],
  );
  expect(weight?.uses.map(({ permutation }) => permutation)).toEqual([[1, 0], null]);
});

test('operators of other domains and impossible permutations are uses, not views', () => {
  const uses = find(
    [
      node('Transpose', ['W'], ['a'], { domain: 'com.example' }),
      node('Transpose', ['W'], ['b'], { attributes: perm(0, 0) }),
      node('Transpose', ['W'], ['c'], { attributes: perm(0, 1, 2) }),
      node('Reshape', ['W', 's'], ['d']),
    ],
    [constant('W')],
  )[0]?.uses;
  expect(uses?.map(({ nodeIndex }) => nodeIndex)).toEqual([0, 1, 2, 3]);
});

test('a graph output is seen through views, a graph input by being overridable', () => {
  const outputs = [{ name: 'y', dtype: null, dims: null }];
  const weights = find(
    [node('Identity', ['W'], ['y']), node('Relu', ['V'], ['z'])],
    [constant('W'), constant('V')],
    { outputs, overridable: new Set(['V']) },
  );
  expect(weights.map(({ isGraphOutput, isGraphInput }) => [isGraphOutput, isGraphInput])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('a body that reaches out for a constant uses it; its own constants are not weights', () => {
  const inner = graphOf([node('MatMul', ['x', 'W'], ['m'])], []);
  const shadow = graphOf([node('MatMul', ['x', 'V'], ['m'])], [constant('V')]);
  const deep = graphOf([node('If', ['c'], ['n'], { subgraphs: [inner] })], []);
  const weights = find(
    [node('If', ['c'], ['y'], { subgraphs: [deep, shadow] })],
    [constant('W'), constant('V')],
  );
  expect(weights.map(({ name, uses }) => [name, uses.map(({ inputIndex }) => inputIndex)])).toEqual(
    [
      ['W', [-1]],
      ['V', []],
    ],
  );
});

test.each([
  ['bert.pooler.weight', '/any/MatMul', 'bert.pooler.weight'],
  ['onnx::MatMul_720', '/bert/encoder/layer.0/query/MatMul', 'bert.encoder.layer.0.query'],
  ['onnx::MatMul_720', '/model/proj/MatMul_3', 'model.proj'],
  ['val_12', '/head/dense', 'head.dense'],
  ['_v_123', 'layer/MatMul', 'layer'],
  ['42', 'MatMul_7', '42'],
  ['42', '', '42'],
  ['onnx::layer', '/a/MatMul', 'onnx::layer'],
])('%s used by %s is labelled %s', (name, nodeName, label) => {
  const [weight] = find([node('MatMul', ['x', name], ['y'], { name: nodeName })], [constant(name)]);
  expect(weight?.label).toBe(label);
});

test('takes time in proportion to the graph', () => {
  const count = 50_000;
  const range = Array.from({ length: count }, (_, index) => index);
  const start = performance.now();
  const weights = find(
    range.map((i) => node('MatMul', [`v${i}`, `w${i}`], [`v${i + 1}`])),
    range.map((i) => constant(`w${i}`)),
  );
  expect(weights).toHaveLength(count);
  expect(performance.now() - start).toBeLessThan(2000);
});
