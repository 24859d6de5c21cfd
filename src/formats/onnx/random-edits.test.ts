import { readdirSync, readFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import type { NodeSpec, TensorSpec } from '../../model/edit.ts';
import type { Node, Tensor } from '../../model/model.ts';
import type { OnnxModel } from './onnx-model.ts';
import { openOnnx } from './open.ts';
import { readTensor } from './read-tensor.ts';
import { applyEdit, editOf, SQUARE, SQUARE_VALUES } from './testing/apply-edit.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  floatTensor,
} from './testing/build-model.ts';
import { GOLDEN_FOLDER, openGolden } from './testing/golden.ts';
import { chooser } from './testing/nested-model.ts';

const GOLDENS = readdirSync(GOLDEN_FOLDER)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -'.onnx'.length));
const ROUNDS = 8;

describe('random edits keep what they do not touch', () => {
  test.each(GOLDENS)('%s', async (name) => {
    const model = await openGolden(name, readFileSync);
    for (let seed = 1; seed <= ROUNDS; seed++) await checkRandomEdit(model, seed);
  });

  test.each([1, 2, 3, 4, 5, 6])('synthetic graph %i', async (seed) => {
    const model = await openOnnx(asFiles(syntheticModel(seed)));
    for (let round = 0; round < ROUNDS; round++) await checkRandomEdit(model, 100 * seed + round);
  });
});

async function checkRandomEdit(model: OnnxModel, seed: number): Promise<void> {
  const { opsets, ...edit } = randomEdit(model, seed);
  const { bytes, plannedLength, reopened, proto } = await applyEdit(model, editOf(edit, opsets));
  expect(bytes.length).toBe(plannedLength);
  const expectedNodes = model.graph.nodes.flatMap((node): readonly (Node | NodeSpec)[] => {
    return edit.replacedNodes.get(node.index) ?? [node];
  });
  const shown = ({ op, domain, name, inputs, outputs }: Node | NodeSpec) => [
    ...[op, domain, name],
    ...[inputs, outputs],
  ];
  expect(reopened.graph.nodes.map(shown)).toEqual(expectedNodes.map(shown));
  expect([...reopened.opsets.keys()]).toEqual([
    ...new Set([...model.opsets.keys(), ...opsets.keys()]),
  ]);
  expect(reopened.metadata).toEqual(model.metadata);
  const kept = [...model.graph.tensors].filter(
    ([name, { place }]) =>
      !edit.removedTensors.has(name) &&
      (place !== 'constant-node' || reopened.graph.tensors.has(name)),
  );
  const added = edit.addedTensors.map(({ name }) => name);
  expect(new Set(reopened.graph.tensors.keys())).toEqual(
    new Set([...kept.map(([name]) => name), ...added]),
  );
  for (const [name, tensor] of kept) {
    if (tensor.dtype === 'string') continue;
    const now = reopened.graph.tensors.get(name);
    await expectBytes(reopened, now, await readTensor(model, tensor));
  }
  for (const spec of edit.addedTensors) {
    const now = reopened.graph.tensors.get(spec.name);
    const expected = spec.bytes ?? new Uint8Array(SQUARE_VALUES.buffer);
    await expectBytes(reopened, now, expected);
  }
  // Another implementation of protobuf reads the same, and loses nothing when it writes it.
  expect(proto.graph?.node.map(({ opType }) => opType)).toEqual(expectedNodes.map(({ op }) => op));
  const again = fromBinary(ModelProtoSchema, toBinary(ModelProtoSchema, proto));
  expect(unknownFields(again)).toEqual(unknownFields(proto));
  expect(unknownFields(proto).model).toEqual(unknownFields(await protoOf(model)).model);
  expect(unknownFields(proto).graph).toEqual(unknownFields(await protoOf(model)).graph);
}

/** By `Buffer`, as comparing arrays element by element takes the test runner seconds. */
async function expectBytes(model: OnnxModel, tensor: Tensor | undefined, expected: Uint8Array) {
  if (!tensor) throw new Error('the tensor is gone');
  expect(Buffer.compare(await readTensor(model, tensor), expected)).toBe(0);
}

const protoOf = async ({ files }: OnnxModel) =>
  fromBinary(ModelProtoSchema, new Uint8Array((await files[0]?.blob.arrayBuffer()) ?? []));

function unknownFields(model: Awaited<ReturnType<typeof protoOf>>) {
  return { model: model.$unknown ?? [], graph: model.graph?.$unknown ?? [] };
}

/** Replaces nodes by one or two of unknown operators, and removes initializers with all uses. */
function randomEdit(model: OnnxModel, seed: number) {
  const choose = chooser(seed);
  const { nodes, tensors } = model.graph;
  const addedTensors: TensorSpec[] = [];
  if (choose(2) === 0) addedTensors.push({ ...SQUARE, name: `added ${seed}` });
  if (choose(2) === 0) addedTensors.push(floatTensor(`known/${seed}`, [choose(5)], []));
  const known = addedTensors.at(-1);
  if (known?.bytes) {
    const values = Array.from({ length: known.dims[0] ?? 0 }, () => choose(100));
    addedTensors[addedTensors.length - 1] = floatTensor(known.name, known.dims, values);
  }
  const inBodies = new Set(
    nodes
      .flatMap(({ subgraphs }) => subgraphs)
      .flatMap((body) => body.nodes.flatMap(({ inputs }) => inputs)),
  );
  const outputs = new Set(model.graph.outputs.map(({ name }) => name));
  const removedTensors = new Set(
    [...tensors]
      .filter(
        ([name, { place }]) =>
          place !== 'constant-node' && !inBodies.has(name) && !outputs.has(name),
      )
      .filter(() => choose(3) === 0)
      .map(([name]) => name),
  );
  const extra = addedTensors.map(({ name }) => name);
  const replacedNodes = new Map<number, NodeSpec[]>();
  for (const node of nodes) {
    const loses = node.inputs.some((name) => removedTensors.has(name));
    if (!loses && (choose(3) > 0 || node.subgraphs.length > 0)) continue;
    const inputs = [...node.inputs.filter((name) => !removedTensors.has(name)), ...extra];
    const spec = { domain: 'com.microsoft' as const, name: `new ${node.index}` };
    const attributes = { K: { int: choose(1000) }, alpha: { float: 0.5 } };
    const middle = `middle ${node.index}`;
    replacedNodes.set(
      node.index,
      choose(2) === 0
        ? [buildNode('One', inputs, node.outputs, { ...spec, attributes })]
        : [
            buildNode('First', inputs, [middle], { ...spec, attributes }),
            buildNode('Second', [middle], node.outputs, spec),
          ],
    );
  }
  const opsets = new Map(replacedNodes.size > 0 ? [['com.microsoft', 1]] : []);
  const edit = { removedTensors, replacedNodes, addedTensors, opsets };
  const isEmpty = removedTensors.size + replacedNodes.size + addedTensors.length === 0;
  return isEmpty ? { ...edit, addedTensors: [{ ...SQUARE, name: `added ${seed}` }] } : edit;
}

/** A chain of matrix products and Constants whose messages all end in unknown fields. */
function syntheticModel(seed: number): Uint8Array<ArrayBuffer> {
  const choose = chooser(seed);
  const unknown = buildMessage([7001, choose(1000)], [7002, `kept ${seed}`]);
  const count = 3 + choose(20);
  const range = Array.from({ length: count }, (_, index) => index);
  const longName = 'n'.repeat(choose(300));
  return buildModel({
    nodes: range.map((i) =>
      buildNode('MatMul', [i === 0 ? 'x' : `v${i - 1}`, `w${i}`], [`v${i}`], {
        name: `${longName}${i}`,
      }),
    ),
    initializers: range.map((i) => {
      const length = 1 + choose(3000);
      return floatTensor(
        `w${i}`,
        [length],
        Array.from({ length }, (_, at) => at),
      );
    }),
    inputs: ['x'],
    outputs: [`v${count - 1}`],
    extra: [unknown],
    modelExtra: [unknown],
  });
}
