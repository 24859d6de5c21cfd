import { readdirSync, readFileSync } from 'node:fs';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { AttributeProtoSchema, ModelProtoSchema, NodeProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { graphsOf } from '../../model/graphs.ts';
import { type Externalized, externalize } from './externalize.ts';
import type { OnnxModel } from './onnx-model.ts';
import { openOnnx } from './open.ts';
import { readTensor } from './read-tensor.ts';
import { besideIn } from './testing/beside-in.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildTensor,
  floatTensor,
} from './testing/build-model.ts';
import { GOLDEN_FOLDER, openGolden, sourceFile } from './testing/golden.ts';
import { smallNets } from './testing/small-nets.ts';

const NAMES = readdirSync(GOLDEN_FOLDER)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -'.onnx'.length));

const ELEMENTS = 2048; // 8 KiB of float32
const ramp = (name: string, first = 0) =>
  floatTensor(
    name,
    [ELEMENTS],
    Array.from({ length: ELEMENTS }, (_, index) => first + index),
  );
const GRAPH = {
  nodes: [buildNode('Add', ['x', 'w'], ['h']), buildNode('Add', ['h', 'b'], ['y'])],
  inputs: ['x'],
  outputs: ['y'],
};
const UNKNOWN = buildMessage([900, 'kept as it is']);

const reopen = ({ graph, externalFiles }: Externalized): Promise<OnnxModel> =>
  openOnnx([{ path: 'model.onnx', blob: graph }, ...externalFiles]);

async function expectSameValues(model: OnnxModel, other: OnnxModel): Promise<void> {
  const others = graphsOf(other);
  expect([...others.keys()]).toEqual([...graphsOf(model).keys()]);
  for (const [id, { tensors }] of graphsOf(model)) {
    const movedTensors = others.get(id)?.tensors ?? new Map();
    expect([...movedTensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, tensor] of tensors) {
      const moved = movedTensors.get(name);
      expect(moved).toMatchObject({ dtype: tensor.dtype, dims: tensor.dims });
      if (!moved || tensor.dtype === 'string') continue;
      const [values, same] = [await readTensor(model, tensor), await readTensor(other, moved)];
      expect(Buffer.from(same).equals(Buffer.from(values)), name).toBe(true);
    }
  }
}

describe('a payload in a side file', () => {
  test('is the long one alone, and the values stay', async () => {
    const initializers = [ramp('w'), floatTensor('b', [1], [3])];
    const bytes = buildModel({ ...GRAPH, initializers, extra: [UNKNOWN], modelExtra: [UNKNOWN] });
    const model = await openOnnx(asFiles(bytes));
    const external = externalize(model, 4 * ELEMENTS);
    expect(external.externalFiles.map(({ path, blob }) => [path, blob.size])).toEqual([
      ['whittle-weights.bin', 4 * ELEMENTS],
    ]);
    expect(external.externalBytes).toBe(4 * ELEMENTS);
    expect(external.embeddedBytes).toBe(external.graph.size);
    expect(external.embeddedBytes).toBeLessThan(bytes.length - 4 * ELEMENTS + 120);
    const reopened = await reopen(external);
    expect(reopened.wire.external).toHaveLength(1);
    await expectSameValues(model, reopened);
    const text = new TextDecoder('latin1').decode(await external.graph.bytes());
    expect(text.split('kept as it is')).toHaveLength(3);
  });

  test('follows the one before it', async () => {
    const initializers = [ramp('w'), ramp('b', 7)];
    const model = await openOnnx(asFiles(buildModel({ ...GRAPH, initializers })));
    const external = externalize(model, 4 * ELEMENTS);
    expect(external.externalBytes).toBe(8 * ELEMENTS);
    await expectSameValues(model, await reopen(external));
  });

  test('leaves the graph no second copy of the values, nor one that was never used', async () => {
    const stale = buildMessage([13, buildMessage([1, 'location'], [2, 'gone.bin'])], [14, 0]);
    const twice = buildMessage([9, 'superseded']);
    const tensor = new Uint8Array([...twice, ...stale, ...buildTensor(ramp('w')), ...UNKNOWN]);
    const extra = [buildMessage([5, tensor])];
    const initializers = [floatTensor('b', [1], [3])];
    const model = await openOnnx(asFiles(buildModel({ ...GRAPH, initializers, extra })));
    const external = externalize(model, 4 * ELEMENTS);
    const text = new TextDecoder('latin1').decode(await external.graph.bytes());
    expect(text).not.toMatch(/superseded|gone\.bin/);
    expect(text).toContain('kept as it is');
    await expectSameValues(model, await reopen(external));
  });

  test('is the last of two under one name, as it was when both were embedded', async () => {
    const initializers = [ramp('w'), ramp('w', 5), floatTensor('b', [1], [3])];
    const model = await openOnnx(asFiles(buildModel({ ...GRAPH, initializers })));
    await expectSameValues(model, await reopen(externalize(model, 4 * ELEMENTS)));
  });

  test('takes a name that no side file of the model has', async () => {
    const entry = buildMessage([1, 'location'], [2, 'whittle-weights.bin']);
    const tensor = buildMessage([1, 1], [2, 1], [8, 'b'], [13, entry], [14, 1]);
    const extra = [buildMessage([5, tensor])];
    const bytes = buildModel({ ...GRAPH, initializers: [ramp('w')], extra });
    const model = await openOnnx([
      sourceFile('onnx/model.onnx', bytes),
      sourceFile('onnx/whittle-weights.bin', new Uint8Array(Float32Array.of(3).buffer)),
    ]);
    const external = externalize(model, 4 * ELEMENTS);
    const names = external.externalFiles.map(({ path }) => path);
    expect(names).toEqual(['whittle-weights.bin', '2-whittle-weights.bin']);
    expect(external.externalBytes).toBe(4 * ELEMENTS + 4);
    await expectSameValues(model, await reopen(external));
  });
});

test('weights of branches come into the graph, where alone a runtime on the web finds them', async () => {
  const { branches } = smallNets(readFileSync('public/samples/digits/model.onnx'));
  const beside = await openOnnx(besideIn(branches));
  expect(beside.wire.external.length).toBeGreaterThan(20);
  expect(beside.files).toHaveLength(2);
  const external = externalize(beside, 0);
  expect(external.externalFiles).toEqual([]);
  const reopened = await reopen(external);
  expect(reopened.files).toHaveLength(1);
  await expectSameValues(beside, reopened);
});

test('a side file that weights of both graphs share stays for those of the main graph', async () => {
  const inner = buildModel({ ...GRAPH, initializers: [ramp('w', 3), ramp('b', 9)] });
  const main = buildModel({
    nodes: [buildNode('Add', ['x', 'w'], ['h']), buildNode('Add', ['h', 'b'], ['y'])],
    ...{ inputs: ['x'], outputs: ['y'], initializers: [ramp('w', 1), ramp('b', 2)] },
  });
  const both = fromBinary(ModelProtoSchema, main);
  const { graph } = fromBinary(ModelProtoSchema, inner);
  if (!graph) throw new Error('a built model has a graph');
  const branch = create(AttributeProtoSchema, { name: 'then_branch', type: 5, g: graph });
  const node = { opType: 'If', input: ['y'], output: ['z'], attribute: [branch] };
  both.graph?.node.push(create(NodeProtoSchema, node));
  const model = await openOnnx(besideIn(toBinary(ModelProtoSchema, both)));
  expect(model.wire.external).toHaveLength(4);
  const external = externalize(model);
  expect(external.externalFiles.map(({ path }) => path)).toEqual(['all.data']);
  const reopened = await reopen(external);
  expect(reopened.wire.external).toHaveLength(2);
  await expectSameValues(model, reopened);
});

test('a model without long weights is its own file', async () => {
  const initializers = [ramp('w'), floatTensor('b', [1], [3])];
  const model = await openOnnx(asFiles(buildModel({ ...GRAPH, initializers })));
  const external = externalize(model);
  expect(external.graph).toBe(model.files[0]?.blob);
  expect(external).toMatchObject({ externalFiles: [], externalBytes: 0 });
});

test('some golden models have weights to move', async () => {
  const models = await Promise.all(NAMES.map((name) => openGolden(name, readFileSync)));
  expect(models.filter(({ wire }) => wire.embedded.length > 0).length).toBeGreaterThan(5);
});

test.each(NAMES)('%s keeps its values and its structure', async (name) => {
  const model = await openGolden(name, readFileSync);
  const reopened = await reopen(externalize(model, 0));
  expect(reopened.wire.embedded).toEqual([]);
  expect(reopened.wire.external).toHaveLength(
    model.wire.external.length + model.wire.embedded.length,
  );
  await expectSameValues(model, reopened);
  expect(reopened.graph.nodes).toEqual(model.graph.nodes);
  expect(reopened.graph.inputs).toEqual(model.graph.inputs);
  expect(reopened.metadata).toEqual(model.metadata);
});
