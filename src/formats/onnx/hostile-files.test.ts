/** Damage that no golden file has: what it takes in time and memory, and what is said. */
import { describe, expect, test } from 'vitest';
import type { NodeSpec } from '../../model/edit.ts';
import { openOnnx } from './open.ts';
import type { Bytes } from './proto-writer.ts';
import { readTensor } from './read-tensor.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildValueInfo,
  floatTensor,
  type ModelSpec,
} from './testing/build-model.ts';
import { readWireTree } from './wire-tree.ts';

const RELU = [buildNode('Relu', ['x'], ['y'])];
const build = (spec: Partial<ModelSpec>) =>
  buildModel({ nodes: RELU, initializers: [], inputs: ['x'], outputs: ['y'], ...spec });
const open = (bytes: Bytes) => openOnnx(asFiles(bytes));
const inGraph = (number: number, message: Bytes) =>
  build({ extra: [buildMessage([number, message])] });

/** A Blob that counts what is read of it. */
function countingBlob(bytes: Bytes) {
  const blob = new Blob([bytes]);
  const counted = { bytes: 0 };
  const slice = blob.slice.bind(blob);
  blob.slice = (start = 0, end = blob.size) => {
    counted.bytes += end - start;
    return slice(start, end);
  };
  return { blob, counted };
}

test('payloads are not read: 40 MB of weights cost less than 1 MB', async () => {
  const bytes = new Uint8Array(4_000_000);
  const range = Array.from({ length: 10 }, (_, index) => index);
  const nodes = range.map((i) =>
    buildNode('MatMul', [i === 0 ? 'x' : `v${i - 1}`, `w${i}`], [`v${i}`]),
  );
  const { blob, counted } = countingBlob(
    build({
      nodes,
      initializers: range.map((i) => ({
        name: `w${i}`,
        dtype: 'float32',
        dims: [1000, 1000],
        bytes,
      })),
      outputs: ['v9'],
    }),
  );
  const model = await openOnnx([{ path: 'model.onnx', blob }]);
  expect(model.parameterCount).toBe(10_000_000);
  expect(counted.bytes).toBeLessThan(1_000_000);
});

test('structure that lies across windows is read whole', async () => {
  const count = 3000;
  const range = Array.from({ length: count }, (_, index) => index);
  const name = (i: number) => `value ${'x'.repeat(i % 300)} ${i}`;
  const nodes = range.map((i) => buildNode('Relu', [i === 0 ? 'x' : name(i - 1)], [name(i)]));
  const model = await open(build({ nodes, outputs: [name(count - 1)] }));
  expect(model.graph.nodes.map(({ outputs }) => outputs[0])).toEqual(range.map(name));
});

test.each([1, 7, 8, 9, 100, 1000])(
  'cut %i bytes before its end, a model is refused',
  async (cut) => {
    const bytes = build({ initializers: [floatTensor('W', [300], Array(300).fill(1))] });
    await expect(open(bytes.slice(0, -cut))).rejects.toMatchObject({ code: 'malformed-model' });
  },
);

test('every prefix of a model is refused, none hangs', { timeout: 20_000 }, async () => {
  const bytes = build({
    initializers: [floatTensor('W', [2], [1, 2])],
    modelExtra: [buildMessage([900, 'z'])],
  });
  const endsOfFields = new Set([bytes.length - 4]); // before the unknown field at the end
  for (let length = 0; length < bytes.length; length++) {
    if (endsOfFields.has(length)) continue;
    const outcome = open(bytes.slice(0, length)).then(
      ({ notes }) => notes,
      ({ code }: { code?: string }) => code,
    );
    // Without its opset import the file is whole, and noted.
    const isNoted = Array.isArray(await outcome);
    if (!isNoted) expect(['malformed-model', 'not-a-model']).toContain(await outcome);
    else expect(await outcome).not.toEqual([]);
  }
});

test('a changed byte anywhere gives a model or a typed error', { timeout: 30_000 }, async () => {
  const original = build({
    initializers: [floatTensor('W', [2], [1, 2])],
    nodes: [buildNode('Foo', ['x', 'W'], ['y'], { attributes: { a: { ints: [1, 2] } } })],
  });
  for (let at = 0; at < original.length; at++) {
    for (const flip of [0x01, 0x08, 0x80, 0xff]) {
      const bytes = original.slice();
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      const failure = await open(bytes).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (failure !== null) expect(failure).toMatchObject({ name: 'StudioError' });
    }
  }
});

describe('sparse tensors', () => {
  const indices = (...values: bigint[]) =>
    buildMessage(
      ...([
        [1, values.length],
        [2, 7],
      ] as const),
      [9, new Uint8Array(BigInt64Array.from(values).buffer)],
    );
  const values = (count: number) =>
    buildMessage(
      ...([
        [1, count],
        [2, 1],
        [8, 'S'],
      ] as const),
      [9, new Uint8Array(4 * count)],
    );

  test('that would expand to terabytes open, and are not expanded', async () => {
    const huge = buildMessage([1, values(1)], [2, indices(5n)], [3, 2 ** 20], [3, 2 ** 20]);
    const model = await open(inGraph(15, huge));
    const tensor = model.graph.tensors.get('S');
    expect(tensor).toMatchObject({ byteLength: 2 ** 42, storedByteLength: 12 });
    expect(model.parameterCount).toBe(1);
    await expect(tensor && readTensor(model, tensor)).rejects.toMatchObject({ code: 'too-large' });
  });

  test('that would expand to gigabytes are not expanded either', async () => {
    const large = buildMessage([1, values(1)], [2, indices(5n)], [3, 2 ** 15], [3, 2 ** 14]);
    const model = await open(inGraph(15, large));
    const tensor = model.graph.tensors.get('S');
    await expect(tensor && readTensor(model, tensor)).rejects.toMatchObject({ code: 'too-large' });
  });

  test.each<[string, Bytes]>([
    ['without indices', buildMessage([1, values(1)], [3, 4])],
    ['with fewer indices than values', buildMessage([1, values(2)], [2, indices(1n)], [3, 4])],
    ['with a negative index', buildMessage([1, values(1)], [2, indices(-1n)], [3, 4])],
    ['with an index past the end', buildMessage([1, values(1)], [2, indices(4n)], [3, 4])],
  ])('%s are refused', async (_, message) => {
    await expect(open(inGraph(15, message))).rejects.toMatchObject({ code: 'malformed-model' });
  });
});

describe('typed values', () => {
  test('a million of them unpacked are one range', { timeout: 10_000 }, async () => {
    const count = 1_000_000;
    const fields = new Uint8Array(5 * count);
    for (let at = 0; at < fields.length; at += 5) fields.set([(4 << 3) | 5, 0, 0, 0x80, 0x3f], at);
    const header = buildMessage([1, count], [2, 1], [8, 'W']);
    const tensor = new Uint8Array(header.length + fields.length);
    tensor.set(header);
    tensor.set(fields, header.length);
    const model = await open(inGraph(5, tensor));
    const weight = model.graph.tensors.get('W');
    expect(weight?.payload).toMatchObject({ kind: 'typed', ranges: [{ wireType: 5 }] });
    const read = new Float32Array((weight && (await readTensor(model, weight)))?.buffer ?? []);
    expect(read.length).toBe(count);
    expect(read.every((value) => value === 1)).toBe(true);
  });

  test('behind padded tags are found', async () => {
    const fields = Uint8Array.of(0xa5, 0x80, 0x00, 0, 0, 0x80, 0x3f, 0x25, 0, 0, 0, 0x40);
    const header = buildMessage([1, 2], [2, 1], [8, 'W']);
    const model = await open(inGraph(5, Uint8Array.of(...header, ...fields)));
    const weight = model.graph.tensors.get('W');
    const read = (weight && (await readTensor(model, weight)))?.buffer ?? [];
    expect([...new Float32Array(read)]).toEqual([1, 2]);
  });

  test('too many to load are counted when they are read', async () => {
    const packed = new Uint8Array(200_000).fill(1);
    packed.fill(0x81, 0, 100); // continues: fewer values than bytes
    const tensor = buildMessage([1, 199_950], [2, 7], [8, 'W'], [7, packed]);
    const model = await open(inGraph(5, tensor));
    const weight = model.graph.tensors.get('W');
    await expect(weight && readTensor(model, weight)).rejects.toThrow('does not hold the values');
  });

  test('far too few to be possible are refused at once', async () => {
    const tensor = buildMessage([1, 10_000_000], [2, 7], [8, 'W'], [7, new Uint8Array(70_000)]);
    await expect(open(inGraph(5, tensor))).rejects.toMatchObject({ code: 'malformed-model' });
  });
});

describe('names and order', () => {
  const chain = (count: number): NodeSpec[] =>
    Array.from({ length: count }, (_, i) =>
      buildNode('Relu', [i === 0 ? 'x' : `v${i - 1}`], [i === count - 1 ? 'y' : `v${i}`]),
    );

  test('a long chain in reverse is sorted without deep recursion', async () => {
    const model = await open(build({ nodes: chain(30_000).reverse() }));
    expect(model.graph.nodes[0]?.inputs).toEqual(['x']);
    expect(model.graph.nodes.at(-1)?.outputs).toEqual(['y']);
    expect(model.graph.nodes.every(({ index }, at) => index === at)).toBe(true);
  });

  test.each<[string, Partial<ModelSpec>]>([
    ['an output that nothing produces', { outputs: ['nothing'] }],
    ['an input twice', { inputs: ['x', 'x'] }],
    ['a node that waits for itself', { nodes: [buildNode('Add', ['x', 'y'], ['y'])] }],
    ['an initializer that a node writes too', { initializers: [floatTensor('y', [1], [1])] }],
    ['an initializer without a name', { initializers: [floatTensor('', [1], [1])] }],
    ['a Constant with two outputs', { nodes: [buildNode('Constant', [], ['x1', 'y'])] }],
  ])('%s is refused', async (_, spec) => {
    await expect(open(build(spec))).rejects.toMatchObject({ code: 'malformed-model' });
  });

  test('a name of 100 kB is refused', async () => {
    const nodes = [buildNode('Relu', ['x'], ['y'], { name: 'n'.repeat(100_000) })];
    await expect(open(build({ nodes }))).rejects.toThrow('a name that is too long');
  });

  test('a body may use a value that is defined later, then the nodes are sorted', async () => {
    const addition = buildMessage([1, 'late'], [2, 'z'], [4, 'Relu']);
    const body = buildMessage([1, addition], [2, 'b'], [12, buildValueInfo('z', [1])]);
    const branch = buildMessage([1, 'then_branch'], [6, body], [20, 5]);
    const choice = buildMessage([1, 'x'], [2, 'y'], [4, 'If'], [5, branch]);
    const late = buildMessage([1, 'x'], [2, 'late'], [4, 'Relu']);
    const extra = [buildMessage([1, choice], [1, late])];
    const model = await open(build({ nodes: [], extra }));
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(['Relu', 'If']);
  });
});

test('a group must end in the message that it starts in', async () => {
  const start = Uint8Array.of(0xa3, 0x38);
  await expect(open(build({ modelExtra: [start] }))).rejects.toThrow('a group without its end');
  await expect(open(build({ extra: [start] }))).rejects.toThrow('a group without its end');
  const crossed = Uint8Array.of(0xa3, 0x38, 0xac, 0x38);
  await expect(open(build({ extra: [crossed] }))).rejects.toThrow('a group that it did not start');
});

test('deep groups are refused, shallow ones kept', async () => {
  const groups = (depth: number) =>
    Uint8Array.from(
      { length: 4 * depth },
      (_, at) => (at < 2 * depth ? [0xa3, 0x38] : [0xa4, 0x38])[at % 2] ?? 0,
    );
  const model = await open(build({ extra: [groups(50)] }));
  expect(model.notes).toHaveLength(1);
  await expect(open(build({ extra: [groups(5000)] }))).rejects.toThrow('nests more than 100');
});

test('opening can be cancelled', async () => {
  const reason = new DOMException('stopped', 'AbortError');
  const bytes = build({});
  await expect(openOnnx(asFiles(bytes), AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('more structure than fits in memory is refused, unknown fields do not count', async () => {
  const read = (field: Bytes) => {
    const fields = new Uint8Array(field.length * 1000);
    for (let at = 0; at < fields.length; at += field.length) fields.set(field, at);
    return readWireTree(new Blob([build({ extra: [fields] })]), 'm.onnx', undefined, 50_000);
  };
  const inputs = buildMessage([11, new Uint8Array(0)]);
  await expect(read(inputs)).rejects.toMatchObject({ code: 'too-large' });
  await expect(read(buildMessage([4000, 1]))).resolves.toBeDefined();
});
