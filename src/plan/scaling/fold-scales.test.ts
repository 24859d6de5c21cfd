import { expect, test } from 'vitest';
import { openOnnx } from '../../formats/onnx/open.ts';
import {
  asFiles,
  buildModel,
  buildNode,
  floatTensor,
} from '../../formats/onnx/testing/build-model.ts';
import type { NodeSpec } from '../../model/edit.ts';
import { findWeights } from '../../model/find-weights.ts';
import { ValueReaders } from '../value-readers.ts';
import { constantsByValue } from './constants-by-value.ts';
import { foldScales } from './fold-scales.ts';

const K = 8;
const zeros = (name: string, ...dims: number[]) =>
  floatTensor(name, dims, Array(dims.reduce((a, b) => a * b, 1)).fill(0));

/** What is divided so that `h`, which the last nodes read, is; as "name/axis". */
async function folded(nodes: readonly NodeSpec[], { outputs = ['y'], readers = ['y'] } = {}) {
  const initializers = [
    ...[zeros('g', K), zeros('b', K), zeros('c', 1, K), zeros('few', 4), zeros('one', 1)],
    ...[zeros('W', 6, K), zeros('Wt', K, 6), zeros('V', 6, K), zeros('U', K, 5), zeros('T2', K, 5)],
  ];
  const bytes = buildModel({ nodes, initializers, inputs: ['x', 'r'], outputs });
  const model = await openOnnx(asFiles(bytes));
  const indices = model.graph.nodes
    .filter((node) => readers.some((name) => node.outputs.includes(name)))
    .map(({ index }) => index);
  const constants = constantsByValue(findWeights(model), '', model.graph);
  const found = foldScales('h', K, new Set(indices), new ValueReaders(model.graph), constants);
  return found?.map(({ weight, axis }) => `${weight.name}/${axis}`) ?? null;
}

const last = buildNode('MatMul', ['h', 'U'], ['y']);
const node = (op: string, inputs: string[], output = 'h', rest: Partial<NodeSpec> = {}) =>
  buildNode(op, inputs, [output], rest);
const contrib = { domain: 'com.microsoft' } as const;

test.each<[string, NodeSpec[], string[]]>([
  ['LayerNormalization', [node('LayerNormalization', ['x', 'g', 'b'])], ['g/0', 'b/0']],
  ['LayerNormalization without beta', [node('LayerNormalization', ['x', 'g'])], ['g/0']],
  ['RMSNormalization', [node('RMSNormalization', ['x', 'g'])], ['g/0']],
  [
    'SkipLayerNormalization',
    [node('SkipLayerNormalization', ['x', 'r', 'g', 'b'], 'h', contrib)],
    ['g/0', 'b/0'],
  ],
  ['a product by a constant', [node('Mul', ['c', 'x'])], ['c/1']],
  [
    'a norm in parts, through Cast',
    [
      node('Mul', ['x', 'g'], 'm'),
      node('Cast', ['m'], 'f', { attributes: { to: { int: 1 } } }),
      node('Add', ['b', 'f']),
    ],
    ['b/0', 'g/0'],
  ],
  ['output channels', [node('MatMul', ['x', 'W'])], ['W/1']],
  [
    'output channels and bias',
    [node('MatMul', ['x', 'W'], 'm'), node('Add', ['m', 'b'])],
    ['b/0', 'W/1'],
  ],
  [
    'Gemm',
    [node('Gemm', ['x', 'Wt', 'b'], 'h', { attributes: { transB: { int: 1 } } })],
    ['Wt/0', 'b/0'],
  ],
  [
    'a weight behind a Transpose',
    [
      node('Transpose', ['Wt'], 'T', { attributes: { perm: { ints: [1, 0] } } }),
      node('MatMul', ['x', 'T']),
    ],
    ['Wt/0'],
  ],
  [
    'the linear side of a gated network',
    [
      node('MatMul', ['x', 'W'], 'gate'),
      node('Sigmoid', ['gate'], 'open'),
      node('MatMul', ['x', 'V'], 'up'),
      node('Mul', ['open', 'up']),
    ],
    ['V/1'],
  ],
  [
    'a value whose shape is looked at too',
    [node('LayerNormalization', ['x', 'g']), node('Shape', ['h'], 's')],
    ['g/0'],
  ],
])('%s', async (_, nodes, expected) => {
  expect(await folded([...nodes, last])).toEqual(expected);
});

test.each<[string, NodeSpec[], { outputs?: string[] }?]>([
  [
    'a residual reads it too',
    [node('LayerNormalization', ['x', 'g', 'b']), node('Add', ['h', 'r'], 'z')],
  ],
  ['it is an output', [node('LayerNormalization', ['x', 'g', 'b'])], { outputs: ['y', 'h'] }],
  [
    'what makes it is read elsewhere',
    [node('MatMul', ['x', 'W'], 'm'), node('Add', ['m', 'b']), node('Relu', ['m'], 'z')],
  ],
  [
    'gamma is used twice',
    [node('LayerNormalization', ['x', 'g', 'b']), node('Mul', ['x', 'g'], 'z')],
  ],
  ['a bend between', [node('MatMul', ['x', 'W'], 'm'), node('Relu', ['m'])]],
  ['a constant of another length', [node('Mul', ['x', 'few'])]],
  ['one factor for all', [node('Mul', ['x', 'one'])]],
  ['a square', [node('MatMul', ['x', 'W'], 'm'), node('Mul', ['m', 'm'])]],
  ['a sum of two values', [node('MatMul', ['x', 'W'], 'm'), node('Add', ['m', 'r'])]],
  ['a bend makes it', [node('Relu', ['x'])]],
])('nothing is folded where %s', async (_, nodes, options) => {
  expect(await folded([...nodes, last], options)).toBeNull();
});

test('all readers of the value take the scales', async () => {
  const nodes = [
    node('LayerNormalization', ['x', 'g', 'b']),
    node('MatMul', ['h', 'U'], 'q'),
    node('MatMul', ['h', 'T2'], 'k'),
  ];
  expect(await folded(nodes, { readers: ['q'], outputs: ['q', 'k'] })).toBeNull();
  expect(await folded(nodes, { readers: ['q', 'k'], outputs: ['q', 'k'] })).toEqual(['g/0', 'b/0']);
});
