/** Uses of weights that samples do not have, run by ONNX Runtime beside the float model. */
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { checkModel, judgeMissing, runModel } from '../../e2e/support/judge.ts';
import type { TargetId } from '../catalog/targets.ts';
import { seededRandom } from '../core/random.ts';
import { npy } from '../dataset/testing/tiny-files.ts';
import { writeValueInfo } from '../formats/onnx/encode.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { encode } from '../formats/onnx/proto-writer.ts';
import {
  asFiles,
  buildModel,
  buildNode,
  floatTensor,
} from '../formats/onnx/testing/build-model.ts';
import type { NodeSpec, TensorSpec } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import { planRecipe } from './plan.ts';
import { referenceOutput } from './testing/reference-output.ts';

const random = seededRandom(5);
const scratch = mkdtempSync(join(tmpdir(), 'whittle-odd-'));
const normal = (name: string, ...dims: number[]) =>
  floatTensor(
    name,
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );
const node = (op: string, inputs: string[], attributes: NodeSpec['attributes'] = {}) =>
  buildNode(op, inputs, ['y'], { attributes });

interface OddGraph {
  readonly name: string;
  readonly node: NodeSpec;
  readonly weights: readonly TensorSpec[];
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly opset?: number;
}

const weight = normal('W', 72, 48);
const table = normal('W', 50, 80);
const graphs: OddGraph[] = [
  ...[[], [1], [48], [1, 48], [3, 1], [3, 48]].map((dims) => ({
    name: `Gemm with a bias [${dims}]`,
    ...{ node: node('Gemm', ['x', 'W', 'b']), weights: [weight, normal('b', ...dims)] },
    ...{ input: [3, 72], output: [3, 48] },
  })),
  ...[[], [5], [1, 2], [2, 2, 2]].map((batch) => ({
    name: `MatMul of [${batch}, 72]`,
    ...{ node: node('MatMul', ['x', 'W']), weights: [weight] },
    ...{ input: [...batch, 72], output: [...batch, 48] },
  })),
  ...[[], [4], [2, 3]].map((shape) => ({
    name: `Gather by indices [${shape}], axis -2`,
    ...{ node: node('Gather', ['W', 'x'], { axis: { int: -2 } }), weights: [table] },
    ...{ input: shape, output: [...shape, 80] },
  })),
  ...[4, 36, 100].map((width) => ({
    name: `Gather of rows of ${width}`,
    ...{ node: node('Gather', ['W', 'x']), weights: [normal('W', 300, width)] },
    ...{ input: [3], output: [3, width] },
  })),
  ...[11, 12].flatMap((opset) => [
    {
      ...{ name: `MatMul of opset ${opset}`, opset, node: node('MatMul', ['x', 'W']) },
      ...{ weights: [normal('W', 77, 31)], input: [3, 77], output: [3, 31] },
    },
    {
      ...{ name: `Gather of opset ${opset}`, opset, node: node('Gather', ['W', 'x']) },
      ...{ weights: [table], input: [3], output: [3, 80] },
    },
  ]),
];

/** Each graph with one of these on both targets, in turn. */
const options = [4, 8].flatMap((bits) => [true, false].map((symmetric) => ({ bits, symmetric })));
const targets: TargetId[] = ['webgpu', 'wasm'];

describe
  .skipIf(judgeMissing !== undefined)
  .each(graphs.map((graph, index) => ({ ...graph, ...options[index % options.length] })))(
  '$name, $bits bit, symmetric $symmetric',
  ({ bits = 4, symmetric = true, ...graph }) => {
    const isLookup = graph.node.op === 'Gather';
    const size = graph.input.reduce((a, b) => a * b, 1);
    const bytes = buildModel({
      ...{ nodes: [graph.node], initializers: graph.weights, inputs: [], outputs: [] },
      opsets: new Map([['', graph.opset ?? 17]]),
      extra: [
        encode((writer) =>
          writer.message(11, () =>
            writeValueInfo(writer, 'x', isLookup ? 'int64' : 'float32', graph.input),
          ),
        ),
        encode((writer) =>
          writer.message(12, () => writeValueInfo(writer, 'y', 'float32', graph.output)),
        ),
      ],
    });
    const input = isLookup
      ? npy(
          '<i8',
          graph.input,
          BigInt64Array.from({ length: size }, () => BigInt(random.below(50))),
        )
      : npy(
          '<f4',
          graph.input,
          Float32Array.from({ length: size }, () => random.normal()),
        );

    test('gives nearly what it gave', { timeout: 120_000 }, async () => {
      const model = await openOnnx(asFiles(bytes));
      const feeds = join(scratch, 'feeds.npz');
      await writeFile(feeds, zipSync({ 'x.npy': input }));
      const original = await run(bytes, feeds);
      for (const target of targets) {
        const plan = planRecipe(model, findWeights(model), {
          ...{ format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1 },
          steps: [{ technique: 'rtn', where: { op: graph.node.op }, options: { bits, symmetric } }],
        });
        expect(plan.planned.map((planned) => planned.weight.name)).toEqual(['W']);
        const output = await run(await referenceOutput(model, plan), feeds);
        expect(output.dims).toEqual(original.dims);
        const agreement = cosine(output.values, original.values);
        expect(agreement, target).toBeGreaterThan(bits === 8 ? 0.999 : 0.98);
      }
    });
  },
);

async function run(bytes: Uint8Array, feeds: string) {
  const path = join(scratch, 'model.onnx');
  await writeFile(path, bytes);
  await checkModel(path);
  const { y } = await runModel(path, feeds);
  return { dims: y?.dims, values: new Float32Array(y?.bytes.buffer ?? []) };
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? Number.NaN), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
