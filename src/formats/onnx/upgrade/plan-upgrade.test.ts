import { describe, expect, test } from 'vitest';
import { EMPTY_EDIT } from '../../../model/edit.ts';
import { graphsOf } from '../../../model/graphs.ts';
import { takenNames } from '../../../model/testing/taken-names.ts';
import { openOnnx } from '../open.ts';
import { applyEdit } from '../testing/apply-edit.ts';
import { asFiles, buildMessage, buildNode, floatTensor } from '../testing/build-model.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { buildOld, float, int, ints, type OldGraph, op, out, text } from './testing/old-graph.ts';

const open = (graph: OldGraph) => openOnnx(asFiles(buildOld(graph)));

async function raise(graph: OldGraph, to = 21) {
  const model = await open(graph);
  return planUpgrade(model, to, { unique: takenNames(model) });
}

async function raised(graph: OldGraph, to = 21) {
  const model = await open(graph);
  const upgrade = planUpgrade(model, to, { unique: takenNames(model) });
  if ('refused' in upgrade) throw new Error(upgrade.refused);
  return (await applyEdit(model, upgrade.edit)).reopened;
}

test('an attribute becomes a constant, one for all nodes that have the same', async () => {
  const nodes = [
    buildNode('ReduceMean', ['x'], ['a'], { attributes: { axes: ints(-1) }, name: 'first' }),
    buildNode('ReduceMean', ['a'], ['y'], { attributes: { axes: ints(-1), keepdims: int(0) } }),
  ];
  const model = await raised({ opset: 17, nodes });
  expect(model.opsets.get('')).toBe(21);
  expect(model.irVersion).toBe(10);
  expect([...model.graph.tensors.keys()]).toEqual(['upgraded_axes']);
  expect(model.graph.nodes.map(({ inputs }) => inputs)).toEqual([
    ['x', 'upgraded_axes'],
    ['a', 'upgraded_axes'],
  ]);
  expect(model.graph.nodes.map(({ name }) => name)).toEqual(['first', '']);
  expect([...(model.graph.nodes[1]?.attributes.keys() ?? [])]).toEqual(['keepdims']);
});

test('only what changed on the way is touched', async () => {
  const model = await open({ opset: 13, nodes: [op('Relu'), op('Softmax', {}, ['y'], ['z'])] });
  expect(planUpgrade(model, 13, { unique: takenNames(model) })).toEqual({ edit: EMPTY_EDIT });
  expect(planUpgrade(model, 12, { unique: takenNames(model) })).toEqual({ edit: EMPTY_EDIT });
  const upgrade = planUpgrade(model, 21, { unique: takenNames(model) });
  expect(upgrade).toEqual({ edit: { graphs: new Map(), opsets: new Map([['', 21]]) } });
});

test('nodes that something else replaces are left to it', async () => {
  const model = await open({ opset: 17, nodes: [op('Foo'), op('ReduceMax', {}, ['y'], ['z'])] });
  const unique = takenNames(model);
  expect(planUpgrade(model, 21, { unique })).toEqual({
    refused: expect.stringMatching(/^Foo is no operator/),
  });
  const isReplaced = (graph: string, index: number) => graph === '' && index === 0;
  expect(planUpgrade(model, 21, { unique, isReplaced })).toHaveProperty('edit');
});

test('a function is converted by what it imports itself', async () => {
  const reduce = buildMessage(
    [1, 'a'],
    [2, 'b'],
    [4, 'ReduceMax'],
    [5, buildMessage([1, 'axes'], [8, 1], [20, 7])],
  );
  const local = buildMessage(
    ...([
      [1, 'F'],
      [4, 'a'],
      [5, 'b'],
      [7, reduce],
      [10, 'own'],
    ] as const),
    [9, buildMessage([1, ''], [2, 13])],
  );
  const call = buildMessage([1, 'x'], [2, 'y'], [4, 'F'], [7, 'own']);
  const graph: OldGraph = { opset: 21, nodes: [], extra: [buildMessage([1, call])] };
  const bytes = Uint8Array.of(...buildOld(graph), ...buildMessage([25, local]));
  const model = await openOnnx(asFiles(bytes));
  const upgrade = planUpgrade(model, 21, { unique: takenNames(model) });
  if ('refused' in upgrade) throw new Error(upgrade.refused);
  expect([...upgrade.edit.graphs.keys()]).toEqual(['function:0']);
  const { reopened } = await applyEdit(model, upgrade.edit);
  const body = graphsOf(reopened).get('function:0');
  expect(body?.nodes.map(({ op: name }) => name)).toEqual(['Constant', 'ReduceMax']);
  expect(reopened.functions[0]?.opsets.get('')).toBe(21);
});

test('bounds take the type of what they bound, where that is not plainly float32', async () => {
  const nodes = [op('Clip', { min: float(0) })];
  const inputs = [['x', 'float16', [2, 4, 6, 6]] as const];
  const model = await raised({ opset: 10, nodes, inputs, outputs: [out(4, 'y', 'float16')] });
  expect(model.graph.nodes.map(({ op: name }) => name)).toEqual(['CastLike', 'Clip']);
  const early = await raise({ opset: 10, nodes, inputs }, 13);
  expect(early).toEqual({
    refused: expect.stringMatching(/^Clip \(Clip_0\) changed at opset 11 .*type of x/),
  });
});

describe('refused by name:', () => {
  const scales = floatTensor('scales', [4], [1, 1, 2, 2]);
  test.each<readonly [what: string, graph: OldGraph, words: RegExp, to: number | null]>([
    ['an opset that is too old', { opset: 5, nodes: [op('Relu')] }, /^Opset 5 is too old/, null],
    ['an opset that is too new', { opset: 17, nodes: [op('Relu')] }, /up to opset 25, not 26/, 26],
    ['an unknown operator', { opset: 7, nodes: [op('Affine')] }, /^Affine is no operator/, null],
    [
      'Dropout whose mask is used',
      { opset: 7, nodes: [op('Dropout', {}, ['x'], ['a', 'm']), op('Add', {}, ['a', 'm'])] },
      /^Dropout \(Dropout_0\) changed at opset 10 and cannot be converted: its mask is used$/,
      null,
    ],
    [
      'BatchNormalization of each element by itself',
      { opset: 7, nodes: [op('BatchNormalization', { spatial: int(0) })] },
      /at opset 9 .*by itself/,
      null,
    ],
    [
      'Resize of nearest values that may enlarge or reduce',
      { opset: 10, nodes: [op('Resize', {}, ['x', 'scales'])], tensors: [scales] },
      /^Resize .*enlarges or reduces/,
      null,
    ],
    [
      'a mode that is gone',
      {
        opset: 11,
        nodes: [op('Resize', { coordinate_transformation_mode: text('tf_half_pixel_for_nn') })],
      },
      /at opset 13 .*is gone/,
      null,
    ],
    ['Scan by batch', { opset: 8, nodes: [op('Scan')] }, /^Scan .* at opset 9 .*batch/, null],
    [
      'an attribute of the wrong kind',
      { opset: 11, nodes: [op('Squeeze', { axes: int(1) })] },
      /its axes is not given as ints$/,
      null,
    ],
    [
      'what the runtime lacks',
      { opset: 17, nodes: [op('RandomNormalLike')] },
      /^RandomNormalLike .* at opset 22 .*does not run/,
      25,
    ],
  ])('%s', async (_, graph, words, to) => {
    expect(await raise(graph, to ?? 21)).toEqual({ refused: expect.stringMatching(words) });
  });
});
