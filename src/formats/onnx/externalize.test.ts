import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Externalized, externalize } from './externalize.ts';
import type { OnnxModel } from './onnx-model.ts';
import { openOnnx } from './open.ts';
import { readTensor } from './read-tensor.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildTensor,
  floatTensor,
} from './testing/build-model.ts';
import { GOLDEN_FOLDER, openGolden, sourceFile } from './testing/golden.ts';

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
  expect([...other.graph.tensors.keys()]).toEqual([...model.graph.tensors.keys()]);
  for (const [name, tensor] of model.graph.tensors) {
    const moved = other.graph.tensors.get(name);
    expect(moved).toMatchObject({ dtype: tensor.dtype, dims: tensor.dims });
    if (!moved || tensor.dtype === 'string') continue;
    expect(await readTensor(other, moved)).toEqual(await readTensor(model, tensor));
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
