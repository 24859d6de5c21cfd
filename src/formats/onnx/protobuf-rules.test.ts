/** Rules of protobuf that only odd files show: found by fuzzing against another implementation. */
import { describe, expect, test } from 'vitest';
import { openOnnx } from './open.ts';
import type { Bytes } from './proto-writer.ts';
import { readTensor } from './read-tensor.ts';
import { asFiles, buildMessage, buildModel, buildNode } from './testing/build-model.ts';

const LOW_HALF_ONE = 2 ** 32 + 1;

const open = (extra: readonly Bytes[] = [], modelExtra: readonly Bytes[] = []) =>
  openOnnx(
    asFiles(
      buildModel({
        nodes: [buildNode('Relu', ['x'], ['y'])],
        ...{ initializers: [], inputs: ['x'], outputs: ['y'], extra, modelExtra },
      }),
    ),
  );
const shapeOf = (...dims: Bytes[]) => buildMessage(...dims.map((dim) => [1, dim] as const));
const inputOf = (...types: Bytes[]) =>
  buildMessage([11, buildMessage([1, 'z'], ...types.map((type) => [2, type] as const))]);
const tensorType = (elementType: number, shape = shapeOf()) =>
  buildMessage([1, buildMessage([1, elementType], [2, shape])]);
type Field = readonly [number, number | string | Bytes];
const attributeOf = async (...fields: Field[]) => {
  const attribute = buildMessage([1, 'a'], ...fields);
  const node = buildMessage([1, 'x'], [2, 'z'], [4, 'Relu'], [5, attribute]);
  return (await open([buildMessage([1, node])])).graph.nodes[1]?.attributes.get('a');
};

describe('values', () => {
  test('an int32 is the low half of what is stored', async () => {
    const { graph } = await open([inputOf(tensorType(LOW_HALF_ONE))]);
    expect(graph.inputs[1]?.dtype).toBe('float32');
  });

  test('of an enum unknown values do not count', async () => {
    expect(await attributeOf([3, 7], [20, 2], [20, 99])).toEqual({ kind: 'int', value: 7 });
    expect(await attributeOf([3, 7], [20, LOW_HALF_ONE + 1])).toEqual({ kind: 'int', value: 7 });
  });

  test('integers of constants are exact', async () => {
    const wide = Uint8Array.of(0x40, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f);
    const single = Uint8Array.of(0x18, ...wide.subarray(1));
    const constant = (name: string, output: string, value: Bytes) => {
      const attribute = Uint8Array.of(...buildMessage([1, name]), ...value);
      return buildMessage([1, buildMessage([2, output], [4, 'Constant'], [5, attribute])]);
    };
    const model = await open([
      constant('value_ints', 'many', wide),
      constant('value_int', 'one', single),
    ]);
    for (const name of ['many', 'one']) {
      const tensor = model.graph.tensors.get(name);
      const bytes = tensor && (await readTensor(model, tensor));
      expect(new BigInt64Array(bytes?.buffer ?? new ArrayBuffer(0))).toEqual(
        BigInt64Array.of(2n ** 62n - 1n),
      );
    }
  });

  test('a field of another wire type is an unknown one', async () => {
    expect(await attributeOf([2, 0], [3, 7])).toEqual({ kind: 'int', value: 7 });
    expect(await attributeOf([21, 0], [3, 7], [20, 2])).toEqual({ kind: 'int', value: 7 });
    expect(await attributeOf([7, ''], [8, 5])).toEqual({ kind: 'ints', values: [5] });
  });
});

describe('of fields that exclude each other the last counts', () => {
  test('for a dimension', async () => {
    const dims = [buildMessage([1, 4], [2, 'N']), buildMessage([2, 'N'], [1, 4])];
    const { graph } = await open([inputOf(tensorType(1, shapeOf(...dims)))]);
    expect(graph.inputs[1]?.dims).toEqual(['N', 4]);
  });

  test('for a type', async () => {
    const sequence = buildMessage([4, buildMessage([1, tensorType(1)])]);
    const { graph } = await open([inputOf(tensorType(1), sequence)]);
    expect(graph.inputs[1]).toEqual({ name: 'z', dtype: null, dims: null });
    const after = await open([inputOf(tensorType(1), sequence, tensorType(7))]);
    expect(after.graph.inputs[1]?.dtype).toBe('int64');
  });
});

describe('what no protobuf reader opens is refused', () => {
  const broken = Uint8Array.of(0x0a, 0x7f); // claims 127 bytes
  const list = Uint8Array.of(1, 0x80); // ends inside a number

  test.each([
    ['training_info', [], [buildMessage([20, buildMessage([2, broken])])]],
    ['the type of a value', [buildMessage([13, buildMessage([2, broken])])], []],
    ['a sequence type', [inputOf(buildMessage([4, buildMessage([1, broken])]))], []],
    ['the metadata of a graph', [buildMessage([16, broken])], []],
    ['a device configuration', [], [buildMessage([26, broken])]],
  ])('a break inside %s', async (_, extra, modelExtra) => {
    await expect(open(extra, modelExtra)).rejects.toThrow('claims 127 bytes');
  });

  test.each([[7], [8]])('a list of attribute field %i that ends inside a number', async (field) => {
    await expect(attributeOf([field, list])).rejects.toThrow('ends inside a number');
  });

  test('a list of typed values that ends inside a number', async () => {
    const tensor = buildMessage([1, 1], [2, 7], [8, 'W'], [7, list]);
    await expect(open([buildMessage([5, tensor])])).rejects.toThrow('ends inside a number');
  });
});

test('an offset too long to load is not taken for none', async () => {
  const entry = (key: string, value: string) => buildMessage([1, key], [2, value]);
  const tensor = buildMessage(
    ...([
      [1, 1],
      [2, 1],
      [8, 'W'],
      [14, 1],
    ] as const),
    ...([
      [13, entry('location', 'w.bin')],
      [13, entry('offset', '0'.repeat(70_000))],
    ] as const),
  );
  await expect(open([buildMessage([5, tensor])])).rejects.toMatchObject({
    code: 'malformed-model',
    detail: { path: 'graph.initializer[0].external_data' },
  });
});
