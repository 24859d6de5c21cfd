import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openOnnx } from '../../formats/onnx/open.ts';
import type { Graph } from '../../model/model.ts';
import { analyze } from '../analyze.ts';
import { graphOf, node } from '../testing/graphs.ts';
import { findBlocks } from './blocks.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const PUBLIC = fileURLToPath(new URL('../../../public/samples', import.meta.url));

const blocksOf = (graph: Graph) => findBlocks(graph, analyze(graph, 17)).blocks;
const boundaries = (graph: Graph) =>
  blocksOf(graph).map(({ input, output, obstacle }) => [input, output, obstacle]);

async function sampleGraph(folder: string, name: string): Promise<Graph> {
  const blob = await openAsBlob(join(folder, name, 'model.onnx'));
  return (await openOnnx([{ path: 'model.onnx', blob }])).graph;
}

const norm = (of: string) => `${of}/LayerNorm/LayerNormalization_output_0`;
const layers = (count: number) => [
  norm('/bert/embeddings'),
  ...Array.from({ length: count }, (_, at) => norm(`/bert/encoder/layer.${at}/output`)),
];

test('the two layers of a small encoder, each with its norm', async () => {
  const found = blocksOf(await sampleGraph(PUBLIC, 'sentiment-tiny'));
  expect(found.map(({ input, output, axis, obstacle }) => [input, output, axis, obstacle])).toEqual(
    layers(2)
      .slice(0, -1)
      .map((input, at) => [input, layers(2)[at + 1], -1, null]),
  );
  const matrices = found.map(({ tensors }) => [...tensors].filter((it) => /MatMul/.test(it)));
  expect(matrices.map(({ length }) => length)).toEqual([6, 6]);
});

test('the stage of a convolutional net whose shape stays', async () => {
  const [only, ...others] = blocksOf(await sampleGraph(PUBLIC, 'digits'));
  expect(others).toEqual([]);
  expect(only).toMatchObject({ output: '/residual/Add_output_0', axis: 1, obstacle: null });
  expect([...(only?.tensors ?? [])].sort()).toEqual(
    ['bias', 'weight'].flatMap((it) => [`residual.conv1.${it}`, `residual.conv2.${it}`]).sort(),
  );
});

test.skipIf(!existsSync(WHITTLE_SAMPLES))('six layers after their norms, four before', async () => {
  const encoder = boundaries(await sampleGraph(WHITTLE_SAMPLES, 'sentiment-minilm'));
  expect(encoder.map(([, output]) => output)).toEqual(layers(6).slice(1));
  const decoder = boundaries(await sampleGraph(WHITTLE_SAMPLES, 'tiny-llama'));
  expect(decoder.map(([input]) => input)).toEqual(
    [0, 1, 2, 3].map((at) => `/model/layers.${at}/input_layernorm/Cast_output_0`),
  );
  for (const [, , obstacle] of [...encoder, ...decoder]) expect(obstacle).toBeNull();
});

/** Layers of attention and a feed-forward net, norms before them, with a mask from beside. */
function decoder(count: number): [nodes: ReturnType<typeof node>[], weights: string[]] {
  const weights: string[] = [];
  const own = (name: string) => {
    weights.push(name);
    return name;
  };
  const nodes = Array.from({ length: count }, (_, at) => {
    const v = (name: string) => `${name}${at}`;
    const input = at === 0 ? 'x' : `f${at - 1}`;
    return [
      node('LayerNormalization', [input, 'gamma'], [v('n')], { axis: -1 }),
      node('MatMul', [v('n'), own(v('key'))], [v('k')]),
      node('Mul', [v('k'), 'mask'], [v('m')]),
      node('MatMul', [v('m'), own(v('out'))], [v('o')]),
      node('Add', [input, v('o')], [v('a')]),
      node('LayerNormalization', [v('a'), 'gamma'], [v('l')], { axis: -1 }),
      node('MatMul', [v('l'), own(v('up'))], [v('u')]),
      node('Relu', [v('u')], [v('r')]),
      node('MatMul', [v('r'), own(v('down'))], [v('d')]),
      node('Add', [v('d'), v('a')], [v('f')]),
    ];
  });
  return [nodes.flat(), weights];
}

const INPUTS = { x: ['batch', 'length', 8], mask: ['batch', 'length', 1] } as const;
const graphWith = (count: number, more: readonly ReturnType<typeof node>[] = []) => {
  const [nodes, names] = decoder(count);
  const weights = Object.fromEntries(names.map((name) => [name, [8, 8]]));
  const last = node('MatMul', [`f${count - 1}`, 'head'], ['y']);
  return graphOf(INPUTS, [...nodes, ...more, last], { ...weights, gamma: [8], head: [8, 5] });
};

test('layers with norms before, whatever comes in from beside', () => {
  expect(boundaries(graphWith(3))).toEqual([
    ['x', 'f0', null],
    ['f0', 'f1', null],
    ['f1', 'f2', null],
  ]);
  const [first] = blocksOf(graphWith(3));
  expect([...(first?.tensors ?? [])].sort()).toEqual(['down0', 'key0', 'out0', 'up0']);
});

test('one layer repeats nothing', () => {
  expect(boundaries(graphWith(1))).toEqual([]);
});

test('what an output gives of a layer keeps it: keys for the next token', () => {
  const graph = graphWith(3);
  const outputs = [...graph.outputs, { name: 'k1', dtype: null, dims: null }];
  expect(boundaries({ ...graph, outputs })).toEqual([
    ['x', 'f0', null],
    ['f0', 'f1', 'k1, an output of the model, is made in it'],
    ['f1', 'f2', null],
  ]);
});

test('an output of the model between layers is no obstacle', () => {
  const graph = graphWith(3);
  const outputs = [...graph.outputs, { name: 'f1', dtype: null, dims: null }];
  expect(boundaries({ ...graph, outputs }).map(([, , why]) => why)).toEqual([null, null, null]);
});

test('what a length or a value of a layer is needed for outside keeps it', () => {
  const shape = [
    node('Shape', ['u0'], ['s']),
    node('Cast', ['s'], ['c'], { to: 1 }),
    node('Identity', ['c'], ['other']),
  ];
  const graph = graphWith(3, shape);
  const outputs = [...graph.outputs, { name: 'other', dtype: null, dims: null }];
  expect(boundaries({ ...graph, outputs })[0]?.[2]).toBe('Shape needs what MatMul makes in it');
});

test('a constant that callers may override keeps its layer', () => {
  const graph = { ...graphWith(2), overridable: new Set(['up1']) };
  expect(boundaries(graph).map(([, , why]) => why)).toEqual([null, 'callers may override up1']);
});

test('a net without residuals has none', () => {
  const chain = ['a', 'b', 'c'].map((name, at) =>
    node('MatMul', [['x', 'a', 'b'][at] ?? '', 'w'], [name]),
  );
  expect(boundaries(graphOf({ x: ['batch', 8] }, chain, { w: [8, 8] }))).toEqual([]);
});
