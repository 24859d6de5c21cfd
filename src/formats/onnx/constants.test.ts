/** Every way in which a node or an initializer can hold values. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openOnnx } from './open.ts';
import { encode } from './proto-writer.ts';
import { readFloat32 } from './read-float32.ts';
import { readTensor, readTensorRange } from './read-tensor.ts';
import { applyEdit, editOf } from './testing/apply-edit.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildTensor,
  floatTensor,
} from './testing/build-model.ts';
import { openGolden } from './testing/golden.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Field = readonly [number, number | string | Bytes];

/** A model of one Constant, given by its attribute's fields. */
async function openConstant(...attribute: readonly Field[]) {
  const constant = buildMessage([2, 'k'], [4, 'Constant'], [5, buildMessage(...attribute)]);
  const model = await openOnnx(
    asFiles(
      buildModel({
        ...{ nodes: [buildNode('Add', ['x', 'k'], ['y'])], initializers: [] },
        ...{ inputs: ['x'], outputs: ['y'], extra: [buildMessage([1, constant])] },
      }),
    ),
  );
  const tensor = model.graph.tensors.get('k');
  if (!tensor) throw new Error('the constant was read');
  return { model, tensor };
}

const int64 = (name: string, dims: readonly number[], values: readonly number[]): Bytes =>
  buildTensor({
    ...{ name, dtype: 'int64', dims },
    bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  });

describe('a Constant', () => {
  test('of a sparse tensor is read as a dense one', async () => {
    const values = buildTensor(floatTensor('', [2], [5, 7]));
    const sparse = buildMessage([1, values], [2, int64('', [2], [1, 5])], [3, 2], [3, 3]);
    const { model, tensor } = await openConstant([1, 'sparse_value'], [22, sparse], [20, 11]);
    expect(tensor).toMatchObject({ dims: [2, 3], byteLength: 24, place: 'constant-node' });
    expect(await readFloat32(model, tensor)).toEqual(Float32Array.of(0, 5, 0, 0, 0, 7));
    const range = await readTensorRange(model, tensor, 4, 8);
    expect(range).toEqual(new Uint8Array(Float32Array.of(5).buffer));
  });

  test('of more floats than are loaded stays in the file', async () => {
    const values = Float32Array.from({ length: 40_000 }, (_, at) => at / 8);
    const packed = new Uint8Array(values.buffer);
    const { model, tensor } = await openConstant([1, 'value_floats'], [7, packed], [20, 6]);
    expect(tensor).toMatchObject({ dims: [40_000], payload: { kind: 'typed' } });
    expect(await readFloat32(model, tensor)).toEqual(values);
    expect(model.parameterCount).toBe(40_000);
  });

  test('of a few floats, packed or not, is at hand', async () => {
    const loose = encode((writer) => {
      writer.textField(1, 'value_floats');
      for (const value of [1, 2, 3]) writer.floatField(7, value);
    });
    const constant = buildMessage([2, 'k'], [4, 'Constant'], [5, loose]);
    const model = await openOnnx(
      asFiles(
        buildModel({
          ...{ nodes: [buildNode('Add', ['x', 'k'], ['y'])], initializers: [] },
          ...{ inputs: ['x'], outputs: ['y'], extra: [buildMessage([1, constant])] },
        }),
      ),
    );
    const tensor = model.graph.tensors.get('k');
    expect(tensor && (await readFloat32(model, tensor))).toEqual(Float32Array.of(1, 2, 3));
  });

  test('of strings is known to be one', async () => {
    const { model, tensor } = await openConstant(
      ...([
        [1, 'value_strings'],
        [9, 'a'],
        [9, 'größer'],
        [20, 8],
      ] as const),
    );
    expect(tensor).toMatchObject({ dtype: 'string', dims: [2], byteLength: 9 });
    await expect(readTensor(model, tensor)).rejects.toMatchObject({ code: 'unsupported-model' });
  });
});

describe('a sparse initializer', () => {
  test('gives way to a quantized one', async () => {
    const model = await openGolden('sparse_initializer', readFileSync);
    const users = model.graph.nodes.filter(({ inputs }) => inputs.includes('S1'));
    const codes = {
      name: 'S1_codes',
      dtype: 'uint8' as const,
      dims: [2],
      bytes: Uint8Array.of(1, 2),
    };
    const dequantize = buildNode('DequantizeLinear', ['S1_codes', 'scale'], ['S1_float']);
    const { reopened } = await applyEdit(
      model,
      editOf({
        removedTensors: new Set(['S1']),
        addedTensors: [codes, floatTensor('scale', [], [0.5])],
        prelude: [dequantize],
        replacedNodes: new Map(
          users.map(({ index, op, inputs, outputs }) => [
            index,
            [
              buildNode(
                op,
                inputs.map((name) => (name === 'S1' ? 'S1_float' : name)),
                outputs,
              ),
            ],
          ]),
        ),
      }),
    );
    expect(reopened.graph.tensors.has('S1')).toBe(false);
    expect(reopened.graph.nodes[0]?.op).toBe('DequantizeLinear');
    expect(reopened.graph.tensors.get('S2')?.payload.kind).toBe('sparse');
  });

  test('of more than can be held is refused when it is read, not when it is opened', async () => {
    const values = buildTensor(floatTensor('S', [1], [1]));
    const index = int64('', [1], [0]);
    const sparse = buildMessage([1, values], [2, index], [3, 2 ** 20], [3, 2 ** 12]);
    const model = await openOnnx(
      asFiles(
        buildModel({
          ...{ nodes: [buildNode('Add', ['x', 'S'], ['y'])], initializers: [] },
          ...{ inputs: ['x'], outputs: ['y'], extra: [buildMessage([15, sparse])] },
        }),
      ),
    );
    const tensor = model.graph.tensors.get('S');
    if (!tensor) throw new Error('it was opened');
    await expect(readFloat32(model, tensor)).rejects.toMatchObject({ code: 'too-large' });
    expect(model.parameterCount).toBe(1);
  });
});
