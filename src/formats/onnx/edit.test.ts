import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Edit, TensorSpec } from '../../model/edit.ts';
import type { OnnxModel } from './onnx-model.ts';
import { openOnnx } from './open.ts';
import { readFloat32 } from './read-float32.ts';
import { applyEdit, editOf, SQUARE, SQUARE_VALUES } from './testing/apply-edit.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildValueInfo,
  floatTensor,
} from './testing/build-model.ts';
import { openGolden, sourceFile } from './testing/golden.ts';

const replaceWeight = (model: OnnxModel): Edit =>
  editOf({
    removedTensors: new Set(['W']),
    addedTensors: [SQUARE],
    replacedNodes: new Map(
      model.graph.nodes
        .filter(({ inputs }) => inputs.includes('W'))
        .map((node) => [
          node.index,
          [
            buildNode(
              node.op,
              node.inputs.map((name) => (name === 'W' ? 'W_new' : name)),
              node.outputs,
            ),
          ],
        ]),
    ),
  });

describe('replacing a weight', () => {
  test.each(['unknown_fields', 'graph_field_twice', 'odd_encoding', 'metadata_props'])(
    'in %s',
    async (name) => {
      const model = await openGolden(name, readFileSync);
      const { reopened } = await applyEdit(model, replaceWeight(model));
      const tensor = reopened.graph.tensors.get('W_new');
      expect([...reopened.graph.tensors.keys()]).toEqual(['W_new']);
      expect(tensor && (await readFloat32(reopened, tensor))).toEqual(SQUARE_VALUES);
      expect(reopened.graph.nodes.map(({ inputs }) => inputs)).toEqual([['x', 'W_new']]);
      expect(reopened.metadata).toEqual(model.metadata);
      expect(reopened.graph.inputs).toEqual(model.graph.inputs);
      expect(reopened.graph.outputs).toEqual(model.graph.outputs);
    },
  );

  test('keeps unknown fields of model and graph, and of messages that stay', async () => {
    const model = await openGolden('unknown_fields', readFileSync);
    const { proto } = await applyEdit(model, editOf({ addedTensors: [SQUARE] }));
    const numbers = [9999, 9998, 9997, 9996];
    const unknown = (message: { $unknown?: { no: number }[] | undefined } | undefined) =>
      message?.$unknown?.map(({ no }) => no);
    expect(unknown(proto)).toEqual(numbers);
    expect(unknown(proto.graph)).toEqual(numbers);
    expect(unknown(proto.graph?.node[0])).toEqual(numbers);
    expect(unknown(proto.graph?.initializer[0])).toEqual(numbers);
  });

  test('drops what refers to the weight: annotation, overridable input', async () => {
    const annotated = await openGolden('quantization_annotation', readFileSync);
    const { proto } = await applyEdit(annotated, replaceWeight(annotated));
    expect(proto.graph?.quantizationAnnotation).toEqual([]);
    const overridable = await openGolden('weight_is_input', readFileSync);
    const { reopened } = await applyEdit(overridable, replaceWeight(overridable));
    expect(reopened.graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(reopened.graph.overridable.size).toBe(0);
  });

  test('names new initializers as inputs where the old IR demands it', async () => {
    const model = await openGolden('opset9_ir3', readFileSync);
    const { proto } = await applyEdit(
      model,
      editOf({
        removedTensors: new Set(['g0']),
        addedTensors: [floatTensor('g0', [3], [1, 2, 3])],
      }),
    );
    const inputs = proto.graph?.input.map(({ name }) => name) ?? [];
    expect(inputs.filter((name) => name === 'g0')).toEqual(['g0']);
    expect(new Set(inputs)).toEqual(
      new Set(['x', ...(proto.graph?.initializer.map(({ name }) => name) ?? [])]),
    );
  });

  test('drops the stated types of values that are gone', async () => {
    const stated = ['a', 'b'].map((name) => buildMessage([13, buildValueInfo(name, [4])]));
    const model = await openOnnx(
      asFiles(
        buildModel({
          nodes: [
            buildNode('Relu', ['x'], ['a']),
            buildNode('Relu', ['a'], ['b']),
            buildNode('Relu', ['b'], ['y']),
          ],
          initializers: [],
          inputs: ['x'],
          outputs: ['y'],
          extra: stated,
        }),
      ),
    );
    const nodes = [buildNode('Tanh', ['x'], ['b'])];
    const replacedNodes = new Map([
      [0, []],
      [1, nodes],
    ]);
    const { proto, reopened } = await applyEdit(model, editOf({ replacedNodes }));
    expect(proto.graph?.valueInfo.map(({ name }) => name)).toEqual(['b']);
    expect(reopened.graph.nodes.map(({ op }) => op)).toEqual(['Tanh', 'Relu']);
  });
});

test('an output is stated anew where it stood, however often it was stated', async () => {
  const stated = ['y', 'z', 'y'].map((name) => buildMessage([12, buildValueInfo(name, [4])]));
  const model = await openOnnx(
    asFiles(
      buildModel({
        nodes: [buildNode('Relu', ['x'], ['y']), buildNode('Relu', ['x'], ['z'])],
        ...{ initializers: [], inputs: ['x'], outputs: [], extra: stated },
      }),
    ),
  );
  const dims = ['batch', null, 3];
  const reshapedOutputs = new Map([['y', { name: 'y', dtype: 'float32' as const, dims }]]);
  const { reopened } = await applyEdit(model, editOf({ reshapedOutputs }));
  expect(reopened.graph.outputs).toEqual([
    { name: 'y', dtype: 'float32', dims },
    { name: 'z', dtype: 'float32', dims: [4] },
  ]);
});

test('every kind of attribute and tensor reads as it was written', async () => {
  const model = await openGolden('unknown_fields', readFileSync);
  const attributes = {
    axis: { int: -1 },
    end: { int: 2 ** 63 },
    perm: { ints: [0, -5, 2 ** 40] },
    alpha: { float: 0.1 },
    mode: { string: 'größer' },
    none: { ints: [] },
  };
  const spec = buildNode('Foo', ['x', '', 'W'], ['y'], {
    attributes,
    domain: 'com.microsoft',
    name: 'n',
  });
  const int4: TensorSpec = { name: 'q', dtype: 'int4', dims: [5], bytes: Uint8Array.of(1, 2, 3) };
  const scalar = floatTensor('s', [], [2.5]);
  const empty = floatTensor('e', [0, 3], []);
  const { reopened, proto } = await applyEdit(
    model,
    editOf(
      {
        replacedNodes: new Map([[0, [spec]]]),
        addedTensors: [int4, scalar, empty],
      },
      new Map([['com.microsoft', 1]]),
    ),
  );
  const [node] = reopened.graph.nodes;
  expect(node).toMatchObject({
    op: 'Foo',
    domain: 'com.microsoft',
    name: 'n',
    inputs: ['x', '', 'W'],
  });
  expect(Object.fromEntries(node?.attributes ?? [])).toEqual({
    axis: { kind: 'int', value: -1 },
    end: { kind: 'int', value: 2 ** 63 },
    perm: { kind: 'ints', values: [0, -5, 2 ** 40] },
    alpha: { kind: 'float', value: Math.fround(0.1) },
    mode: { kind: 'string', value: 'größer' },
    none: { kind: 'ints', values: [] },
  });
  const [protoNode] = proto.graph?.node ?? [];
  expect(protoNode?.attribute.find(({ name }) => name === 'end')?.i).toBe(2n ** 63n - 1n);
  expect(Object.fromEntries(reopened.opsets)).toEqual({ '': 17, 'com.microsoft': 1 });
  const shapes = ['q', 's', 'e'].map((name) => reopened.graph.tensors.get(name)?.dims);
  expect(shapes).toEqual([[5], [], [0, 3]]);
});

test('a node of a name that is not UTF-8 keeps its bytes through a replacement', async () => {
  const bytes = readFileSync('golden/onnx/malformed/invalid_utf8_name.onnx');
  const model = await openOnnx([sourceFile('model.onnx', bytes)]);
  const [node] = model.graph.nodes;
  const spec = buildNode('MatMul', ['x', 'W'], ['y'], { name: node?.name ?? '' });
  const { bytes: written } = await applyEdit(
    model,
    editOf({ replacedNodes: new Map([[0, [spec]]]) }),
  );
  expect(Buffer.from(written).includes(Buffer.of(0x1a, 2, 0xff, 0xfe))).toBe(true);
});

test('an unsorted model is written in order of execution', async () => {
  const bytes = readFileSync('golden/onnx/malformed/unsorted_nodes.onnx');
  const model = await openOnnx([sourceFile('model.onnx', bytes)]);
  const { proto, reopened } = await applyEdit(model, replaceWeight(model));
  expect(proto.graph?.node.map(({ opType }) => opType)).toEqual(['MatMul', 'Relu']);
  expect(reopened.wire.graphs.get('')?.isSorted).toBe(true);
  expect(reopened.notes).toEqual([]);
});

test('sparse initializers can go, repeated names go together', async () => {
  const sparse = await openGolden('sparse_initializer', readFileSync);
  const dense = floatTensor(
    'S1',
    [6, 5],
    Array.from({ length: 30 }, () => 1),
  );
  const { reopened } = await applyEdit(
    sparse,
    editOf({
      removedTensors: new Set(['S1']),
      addedTensors: [dense],
    }),
  );
  expect(reopened.graph.tensors.get('S1')?.place).toBe('initializer');
  expect(reopened.graph.tensors.get('S2')?.place).toBe('sparse-initializer');
  const bytes = readFileSync('golden/onnx/malformed/duplicate_initializer.onnx');
  const twice = await openOnnx([sourceFile('model.onnx', bytes)]);
  const once = await applyEdit(twice, replaceWeight(twice));
  expect(once.proto.graph?.initializer.map(({ name }) => name)).toEqual(['W_new']);
});
