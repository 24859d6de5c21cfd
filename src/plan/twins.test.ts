/** Weights in Constant nodes, behind Identity and inside If branches: like their plain twins. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import { writeNode, writeTensorHeader } from '../formats/onnx/encode.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { encode } from '../formats/onnx/proto-writer.ts';
import { readTensor } from '../formats/onnx/read-tensor.ts';
import {
  asFiles,
  buildGraph,
  buildMessage,
  buildModel,
  buildNode,
} from '../formats/onnx/testing/build-model.ts';
import type { TensorSpec } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from './plan.ts';
import { referencePayloads } from './testing/reference-output.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const blob = await openAsBlob(
  fileURLToPath(new URL('../../public/samples/digits/model.onnx', import.meta.url)),
);
const digits = await openOnnx([{ path: 'model.onnx', blob }]);
/** Real kernels and matrices, but not the largest: the reference is slow. */
const layers = await Promise.all(
  findWeights(digits)
    .filter(({ tensor: { dims, byteLength } }) => dims.length >= 2 && byteLength < 80_000)
    .map(async ({ tensor, uses }) => ({
      op: uses[0]?.op ?? '',
      spec: { ...tensor, bytes: await readTensor(digits, tensor) } satisfies TensorSpec,
    })),
);

/** One node a layer, each on an input of its own: the weights are what is compared. */
const uses = (nameOf: (name: string) => string) =>
  layers.map(({ op, spec }, at) =>
    buildNode(op, [`x${at}`, nameOf(spec.name)], [`y${at}`], {
      attributes: op === 'Gemm' ? { transB: { int: 1 } } : groupOf(spec.dims),
    }),
  );
const groupOf = ([outputs = 1, inputs]: readonly number[]) =>
  inputs === 1 && outputs > 1 ? { group: { int: 1 } } : {};
const ends = {
  inputs: layers.map((_, at) => `x${at}`),
  outputs: layers.map((_, at) => `y${at}`),
};
const initializers = layers.map(({ spec }) => spec);

const constantNode = (spec: TensorSpec & { readonly bytes: Bytes }): Bytes =>
  encode((writer) =>
    writer.message(1, () => {
      writeNode(writer, buildNode('Constant', [], [spec.name]));
      writer.message(5, () => {
        writer.textField(1, 'value');
        writer.message(5, () => {
          writeTensorHeader(writer, spec);
          writer.raw(spec.bytes);
        });
        writer.varintField(20, 4);
      });
    }),
  );

const plain = buildModel({ nodes: uses((name) => name), initializers, ...ends });
const constants = buildModel({
  ...{ nodes: uses((name) => name), initializers: [], ...ends },
  extra: layers.map(({ spec }) => constantNode(spec)),
});
const identities = buildModel({
  nodes: [
    ...initializers.map(({ name }) => buildNode('Identity', [name], [`${name}_same`])),
    ...uses((name) => `${name}_same`),
  ],
  initializers,
  ...ends,
});
const inside = buildGraph({ nodes: uses((name) => name), initializers, ...ends, inputs: [] });
const branches = buildModel({
  ...{ nodes: [], initializers: [], inputs: [...ends.inputs, 'c'], outputs: [] },
  extra: [
    buildMessage([
      1,
      buildMessage(
        [1, 'c'],
        ...ends.outputs.map((name) => [2, `${name}_out`] as const),
        [4, 'If'],
        [5, buildMessage([1, 'then_branch'], [6, inside], [20, 5])],
        [5, buildMessage([1, 'else_branch'], [6, inside], [20, 5])],
      ),
    ]),
  ],
});

/** For each planned weight, the bytes of what is stored for it. */
async function storedIn(bytes: Bytes, target: TargetId, bits: number) {
  const model = await openOnnx(asFiles(bytes));
  const plan = planRecipe(model, findWeights(model), {
    ...{ format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1 },
    steps: [{ technique: 'rtn', where: { minElements: 1 }, options: { bits, blockSize: 32 } }],
  });
  const { payloads } = await referencePayloads(model, plan);
  return plan.planned.map(({ parts }) =>
    parts.flatMap(({ tensors }) =>
      Object.values(tensors).map(({ key, dims, dtype }) => ({
        ...{ dims, dtype, bytes: payloads.get(key ?? '') },
      })),
    ),
  );
}

describe.each(Object.keys(TARGETS) as TargetId[])('for %s', (target) => {
  test.each([8, 4])('at %i bits', async (bits) => {
    const wanted = await storedIn(plain, target, bits);
    expect(wanted).toHaveLength(layers.length);
    expect(await storedIn(constants, target, bits)).toEqual(wanted);
    expect(await storedIn(identities, target, bits)).toEqual(wanted);
    expect(await storedIn(branches, target, bits)).toEqual([...wanted, ...wanted]);
  });
});
