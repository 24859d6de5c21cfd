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
  ...{ attributes: new Map(), subgraphs: [], subgraphNames: [] },
  ...rest,
});

const perm = (...values: readonly number[]) =>
  new Map<string, Attribute>([['perm', { kind: 'ints', values }]]);

const bodies = (named: Readonly<Record<string, Graph>>) => ({
  subgraphs: Object.values(named),
  subgraphNames: Object.keys(named),
});

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
  functions: [],
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
      viaGraphs: [],
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
      viaGraphs: [],
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
      viaGraphs: [],
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

test('what a body uses from around itself is used there, through views on both sides', () => {
  const inner = graphOf(
    [
      node('Transpose', ['i'], ['t'], { attributes: perm(1, 0) }),
      node('MatMul', ['x', 't'], ['m'], { name: 'deep' }),
    ],
    [],
  );
  const shadow = graphOf([node('MatMul', ['x', 'V'], ['m'])], [constant('V')]);
  const deep = graphOf([node('If', ['c'], ['n'], bodies({ then_branch: inner }))], []);
  const weights = find(
    [
      node('Identity', ['W'], ['i']),
      node('If', ['c'], ['y'], {
        ...bodies({ then_branch: deep, else_branch: shadow }),
        name: 'If_3',
      }),
    ],
    [constant('W'), constant('V')],
  );
  expect(weights.map(({ name, graph, tensor }) => [name, graph, tensor.name])).toEqual([
    ['W', '', 'W'],
    ['V', '', 'V'],
    ['If_3/else_branch/V', '/1.1', 'V'],
  ]);
  const [use] = weights[0]?.uses ?? [];
  expect(use).toEqual({
    ...{ graph: '/1.0/0.0', nodeIndex: 1, op: 'MatMul', domain: '', nodeName: 'deep' },
    ...{ inputIndex: 1, via: [0, 0], viaGraphs: ['', '/1.0/0.0'], permutation: [1, 0] },
  });
  expect(weights.map(({ uses }) => uses.map(({ graph }) => graph))).toEqual([
    ['/1.0/0.0'],
    [],
    ['/1.1'],
  ]);
});

test('weights of functions and of nameless nodes get names of their own', () => {
  const body = graphOf([node('MatMul', ['x', 'k'], ['m'])], [constant('k')]);
  const main = graphOf(
    [
      node('Loop', ['n', 'c'], ['y'], bodies({ body })),
      node('Loop', ['n', 'c'], ['z'], { ...bodies({ body }), name: 'Loop_0' }),
    ],
    [constant('Loop_0/body/k')],
  );
  const local = { name: 'F', domain: 'local', opsets: new Map(), body };
  const weights = findWeights({ graph: main, functions: [local] });
  expect(weights.map(({ name, graph }) => [name, graph])).toEqual([
    ['Loop_0/body/k', ''],
    ['Loop_0/body/k_2', '/0.0'],
    ['Loop_0/body/k_3', '/1.0'],
    ['F/k', 'function:0'],
  ]);
});

test('what a body gives out is seen', () => {
  const branch = graphOf([], [], { outputs: [{ name: 'W', dtype: null, dims: null }] });
  const [weight] = find(
    [node('If', ['c'], ['y'], bodies({ then_branch: branch }))],
    [constant('W')],
  );
  expect(weight?.isGraphOutput).toBe(true);
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
  const graph = graphOf(
    range.map((i) => node('MatMul', [`v${i}`, `w${i}`], [`v${i + 1}`])),
    range.map((i) => constant(`w${i}`)),
  );
  let best = Number.POSITIVE_INFINITY; // of several, as other work may share the machine
  for (let round = 0; round < 10 && best >= 2000; round++) {
    const start = performance.now();
    expect(findWeights(modelOf(graph))).toHaveLength(count);
    best = Math.min(best, performance.now() - start);
  }
  expect(best).toBeLessThan(2000);
});
