import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Edit, payloadKey, type TensorSpec } from '../../model/edit.ts';
import { layoutOnnx } from './layout.ts';
import type { OnnxModel } from './onnx-model.ts';
import { openOnnx } from './open.ts';
import { readTensor } from './read-tensor.ts';
import { editOf } from './testing/apply-edit.ts';
import { asFiles, buildModel, buildNode, floatTensor } from './testing/build-model.ts';
import { openGolden } from './testing/golden.ts';
import { writeOnnx } from './write.ts';

const ramp = (name: string, count: number, first = 0): TensorSpec =>
  floatTensor(
    name,
    [count],
    Array.from({ length: count }, (_, at) => first + at),
  );

const NAMES = ['a', 'b', 'c', 'd'];
const weights = [ramp('a', 500), ramp('b', 500, 1), ramp('c', 500, 2), ramp('d', 3)];
const chain = (names: readonly string[]) => ({
  nodes: names.map((name, at) =>
    buildNode('Add', [at === 0 ? 'x' : `v${at - 1}`, name], [`v${at}`]),
  ),
  inputs: ['x'],
  outputs: [`v${names.length - 1}`],
});

const open = (path = 'onnx/big.onnx') =>
  openOnnx(asFiles(buildModel({ ...chain(NAMES), initializers: weights }), path));

/** The files of an edit whose payloads are all 7s, and what they are read as. */
async function write(model: OnnxModel, edit: Edit, largestFile: number, leastExternal = 1024) {
  const layout = layoutOnnx(model, edit, { largestFile, leastExternal });
  const added = [...edit.graphs.values()].flatMap(({ addedTensors }) => addedTensors);
  const payloads = new Map(
    added.map((spec) => [payloadKey(spec), new Uint8Array(4 * (spec.dims[0] ?? 0)).fill(7)]),
  );
  const files = writeOnnx(model, layout, payloads);
  expect(files.map(({ blob }) => blob.size)).toEqual(
    layout.files.map(({ byteLength }) => byteLength),
  );
  return { files, reopened: await openOnnx(files) };
}

async function valuesOf(model: OnnxModel, name: string): Promise<Uint8Array> {
  const tensor = model.graph.tensors.get(name);
  if (!tensor) throw new Error(`${name} is gone`);
  return readTensor(model, tensor);
}

const touch = editOf({ addedTensors: [] }, new Map([['com.microsoft', 1]]));

describe('an output that is too long for one file', () => {
  test('keeps long tensors beside it, in as many files as it takes', async () => {
    const model = await open();
    const { files, reopened } = await write(model, touch, 4500);
    expect(files.map(({ path }) => path)).toEqual([
      'onnx/big.onnx',
      'onnx/big.onnx.data',
      'onnx/big.onnx.1.data',
    ]);
    expect(files.every(({ blob }) => blob.size <= 4500)).toBe(true);
    expect(reopened.graph.tensors.get('d')?.payload).toMatchObject({ range: { file: 0 } });
    for (const name of NAMES) {
      expect(await valuesOf(reopened, name)).toEqual(await valuesOf(model, name));
    }
  });

  test('leaves what was removed behind, and puts new tensors there too', async () => {
    const model = await open();
    const added = [ramp('new', 600), { name: 'deferred', dtype: 'float32' as const, dims: [300] }];
    const edit = editOf({
      removedTensors: new Set(['a']),
      addedTensors: added,
      replacedNodes: new Map([[0, [buildNode('Add', ['x', 'new'], ['v0'])]]]),
    });
    const { files, reopened } = await write(model, edit, 7800);
    expect(files).toHaveLength(2);
    // 2000 bytes of b and c, 2400 and 1200 of the new ones, and gaps of less than 64.
    expect(files[1]?.blob.size).toBeGreaterThanOrEqual(7600);
    expect(files[1]?.blob.size).toBeLessThan(7600 + 4 * 64);
    expect(await valuesOf(reopened, 'b')).toEqual(await valuesOf(model, 'b'));
    expect(await valuesOf(reopened, 'new')).toEqual(added[0]?.bytes);
    expect(await valuesOf(reopened, 'deferred')).toEqual(new Uint8Array(1200).fill(7));
    for (const { payload } of reopened.graph.tensors.values()) {
      if (payload.kind === 'raw' && payload.range.file === 1) {
        expect(payload.range.start % 64).toBe(0);
      }
    }
  });

  test('may be opened and edited again', async () => {
    const { reopened } = await write(await open(), touch, 4500);
    const again = await write(reopened, editOf({ addedTensors: [ramp('e', 400)] }), 5000);
    expect(again.files).toHaveLength(3);
    const embedded = await write(again.reopened, touch, 20_000);
    expect(embedded.files).toHaveLength(1);
    expect(await valuesOf(embedded.reopened, 'c')).toEqual(weights[2]?.bytes);
  });

  test('shares a payload that tensors share', async () => {
    const model = await openGolden('external_two_files', readFileSync);
    const { files, reopened } = await write(model, touch, 1600, 0);
    expect(files.length).toBeGreaterThan(1);
    for (const name of model.graph.tensors.keys()) {
      expect(await valuesOf(reopened, name)).toEqual(await valuesOf(model, name));
    }
  });

  test('names its side files without what leads out of a folder', async () => {
    const { files } = await write(await open('C:\\big.onnx'), touch, 4500);
    expect(files[1]?.path).toBe('C__big.onnx.data');
  });

  test('is refused where one tensor or the rest alone is too long', async () => {
    const model = await open();
    expect(() => layoutOnnx(model, touch, { largestFile: 1999, leastExternal: 1024 })).toThrow(
      /A tensor of big.onnx would have 2000 bytes/,
    );
    expect(() => layoutOnnx(model, touch, { largestFile: 2100, leastExternal: 4000 })).toThrow(
      /besides its weights/,
    );
  });
});
