/** Reshaped models against their originals with the removed units' weights zeroed, in ONNX Runtime. */
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { differenceOfModels } from '../../e2e/support/compare-models.ts';
import { judgeMissing } from '../../e2e/support/judge.ts';
import { assert } from '../core/assert.ts';
import { seededRandom } from '../core/random.ts';
import { elementCount } from '../core/shape.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { readTensor } from '../formats/onnx/read-tensor.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildValueInfo,
  floatTensor,
} from '../formats/onnx/testing/build-model.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { EMPTY_GRAPH_EDIT, type NodeSpec, type TensorSpec } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import type { SourceFile } from '../model/model.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Structure } from '../plan/structure/structure.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { beginJob, type JobContext } from './compress-job.ts';
import { chooseKept, type KeptUnits } from './cut-kept.ts';
import type { OpenModel } from './models.ts';
import { judgingOf, reshape } from './reshape.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const { WHITTLE_SAMPLES } = process.env;
const PUBLIC = fileURLToPath(new URL('../../public/samples', import.meta.url));

const context: JobContext = {
  signal: new AbortController().signal,
  progress: () => {},
  executors: {
    acquire: () => {
      throw new Error('nothing is computed');
    },
  },
};

const cut = (what: 'neurons' | 'heads' | 'channels', share: number): Step => ({
  technique: `cut-${what}`,
  where: { minElements: 1 },
  options: { share, score: 'weights', reconstruct: false },
});

const sample = async (folder: string, name: string): Promise<readonly SourceFile[]> => [
  { path: 'model.onnx', blob: await openAsBlob(join(folder, name, 'model.onnx')) },
];

/** Checks the reshaped file; the largest difference of its outputs from the masked original's. */
async function differenceOf(files: readonly SourceFile[], steps: readonly Step[]) {
  const model = await openOnnx(files);
  const weights = findWeights(model);
  const recipe: Recipe = {
    ...{ format: 'whittle-recipe', version: 1, name: 'cut', target: 'wasm', seed: 1 },
    steps,
  };
  const { structure, layout, planned, byteLength } = planRecipe(model, weights, recipe);
  assert(structure, 'something is cut');
  const open: OpenModel = { model, weights, dataset: undefined as never };
  const job = beginJob(open, recipe, context);
  const { removed } = await chooseKept(job, structure, judgingOf(job, structure));
  const { payloads } = await reshape(job, structure);
  const keyed = new Map(payloads);
  for (const { weight, parts } of planned) {
    const own = payloads.get(`cut\n${weight.tensor.name}`);
    for (const { tensors } of parts) {
      const key = tensors.values?.key;
      if (key && own) keyed.set(key, own);
    }
  }
  const [file] = writeOnnx(model, layout, keyed);
  expect(file?.blob.size).toBe(byteLength);
  expect(byteLength).toBeLessThan(model.byteLength);
  return differenceOfModels(await masked(model, structure, removed), await bytesOf(file?.blob));
}

const bytesOf = async (blob: Blob | undefined): Promise<Bytes> =>
  new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));

/** The original with zeros where weights would take what removed units give. */
async function masked(
  model: Awaited<ReturnType<typeof openOnnx>>,
  { cuts }: Structure,
  removed: KeptUnits['removed'],
): Promise<Bytes> {
  const payloads = new Map<string, Bytes>();
  const added: TensorSpec[] = [];
  for (const { tensor: name, axis, tied } of cuts.flatMap(({ group }) => group.takers)) {
    const tensor = model.graph.tensors.get(name);
    assert(tensor, 'takers are constants');
    if (payloads.has(name)) continue; // of two groups, whose units are all in `removed`
    const values = new Float32Array((await readTensor(model, tensor)).buffer);
    const inner = elementCount(tensor.dims.slice(axis + 1));
    for (const at of values.keys()) {
      const index = Math.floor(at / inner) % (tensor.dims[axis] ?? 1);
      if (removed.get(tied)?.has(index)) values[at] = 0;
    }
    payloads.set(name, new Uint8Array(values.buffer));
    added.push({ name, dtype: tensor.dtype, dims: tensor.dims });
  }
  const edit = {
    ...EMPTY_GRAPH_EDIT,
    removedTensors: new Set(payloads.keys()),
    addedTensors: added,
  };
  const layout = layoutOnnx(model, { graphs: new Map([['', edit]]), opsets: new Map() });
  return bytesOf(writeOnnx(model, layout, payloads)[0]?.blob);
}

const random = seededRandom(5);
const weight = (name: string, ...dims: readonly number[]): TensorSpec =>
  floatTensor(
    name,
    dims,
    Array.from({ length: elementCount(dims) }, () => random.normal() * 0.3),
  );
const list = (name: string, ...values: readonly number[]): TensorSpec => ({
  ...{ name, dtype: 'int64', dims: [values.length] },
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const ints = (...values: readonly number[]) => ({ ints: values });

const built = (
  dims: readonly number[],
  outputDims: readonly number[],
  nodes: readonly NodeSpec[],
  initializers: readonly TensorSpec[],
): readonly SourceFile[] => {
  const output = nodes.at(-1)?.outputs[0] ?? '';
  const extra = [
    buildMessage([11, buildValueInfo('x', dims)]),
    buildMessage([12, buildValueInfo(output, outputDims)]),
  ];
  return asFiles(buildModel({ nodes, initializers, inputs: [], outputs: [], extra }));
};

const attentionOf = (q: string, k: string, v: string): readonly NodeSpec[] => [
  buildNode('Transpose', [k], ['kt'], { attributes: { perm: ints(0, 1, 3, 2) } }),
  buildNode('MatMul', [q, 'kt'], ['scores']),
  buildNode('Softmax', ['scores'], ['shares'], { attributes: { axis: { int: -1 } } }),
  buildNode('MatMul', ['shares', v], ['mixed']),
  buildNode('Transpose', ['mixed'], ['turned'], { attributes: { perm: ints(0, 2, 1, 3) } }),
  buildNode('Reshape', ['turned', 'join'], ['joined']),
  buildNode('MatMul', ['joined', 'wo'], ['y']),
];

/** Queries, keys and values in one product, split by a list of lengths; one Reshape target for all. */
const fused = built(
  [2, 3, 8],
  [2, 3, 8],
  [
    buildNode('MatMul', ['x', 'wqkv'], ['p']),
    buildNode('Add', ['p', 'b'], ['pb']),
    buildNode('Split', ['pb', 'thirds'], ['q1', 'k1', 'v1'], { attributes: { axis: { int: 2 } } }),
    ...['q', 'k', 'v'].flatMap((name) => [
      buildNode('Reshape', [`${name}1`, 'split'], [`${name}2`]),
      buildNode('Transpose', [`${name}2`], [name], { attributes: { perm: ints(0, 2, 1, 3) } }),
    ]),
    ...attentionOf('q', 'k', 'v'),
  ],
  [
    ...[weight('wqkv', 8, 24), weight('b', 24), weight('wo', 8, 8)],
    ...[list('thirds', 8, 8, 8), list('split', 2, 3, 4, 2), list('join', 2, 3, 8)],
  ],
);

/** As vision transformers have it: three parts, heads and their values in one Reshape. */
const threefold = built(
  [2, 3, 8],
  [2, 3, 8],
  [
    buildNode('MatMul', ['x', 'wqkv'], ['p']),
    buildNode('Reshape', ['p', 'split'], ['s']),
    buildNode('Transpose', ['s'], ['t'], { attributes: { perm: ints(2, 0, 3, 1, 4) } }),
    ...['q', 'k', 'v'].map((name) =>
      buildNode('Gather', ['t', `at_${name}`], [name], { attributes: { axis: { int: 0 } } }),
    ),
    ...attentionOf('q', 'k', 'v'),
  ],
  [
    ...[weight('wqkv', 8, 24), weight('wo', 8, 8)],
    ...[list('split', 2, 3, 3, 4, 2), list('join', 0, 0, -1)],
    ...['q', 'k', 'v'].map((name, at) => ({ ...list(`at_${name}`, at), dims: [] })),
  ],
);

/** A convolution in groups between others, after two branches that are joined. */
const branches = built(
  [2, 3, 6, 6],
  [2, 5],
  [
    buildNode('Conv', ['x', 'w1', 'b1'], ['a']),
    buildNode('Conv', ['x', 'w2'], ['b']),
    buildNode('Concat', ['a', 'b'], ['c'], { attributes: { axis: { int: 1 } } }),
    buildNode('Relu', ['c'], ['r']),
    buildNode('Conv', ['r', 'w3'], ['d']),
    buildNode('Conv', ['d', 'w4'], ['e'], { attributes: { group: { int: 8 } } }),
    buildNode('Sigmoid', ['e'], ['s']),
    buildNode('Flatten', ['s'], ['f']),
    buildNode('Gemm', ['f', 'w5', 'b5'], ['y']),
  ],
  [
    ...[weight('w1', 8, 3, 3, 3), weight('b1', 8), weight('w2', 16, 3, 3, 3)],
    ...[weight('w3', 16, 24, 1, 1), weight('w4', 16, 2, 3, 3), weight('w5', 64, 5)],
    weight('b5', 5),
  ],
);

const BOTH = [cut('heads', 0.5), cut('neurons', 0.5)];

test.skipIf(judgeMissing !== undefined).each([
  ['queries, keys and values in one product', async () => fused, [cut('heads', 0.5)]],
  ['three parts in one axis', async () => threefold, [cut('heads', 0.25)]],
  ['branches and groups', async () => branches, [cut('channels', 0.5)]],
  ['digits', () => sample(PUBLIC, 'digits'), [cut('channels', 0.5), cut('neurons', 0.5)]],
  ['sentiment-tiny', () => sample(PUBLIC, 'sentiment-tiny'), BOTH],
] as const)(
  '%s: what is left computes what it did',
  async (_, files, steps) => {
    expect(await differenceOf(await files(), steps)).toBeLessThan(1e-5);
  },
  60_000,
);

test.skipIf(judgeMissing !== undefined || !WHITTLE_SAMPLES).each([
  ['tiny-llama', BOTH],
  ['sentiment-minilm', [cut('heads', 1 / 6), cut('neurons', 0.5)]],
] as const)(
  '%s: what is left computes what it did',
  async (name, steps) => {
    const files = await sample(WHITTLE_SAMPLES ?? '', name);
    expect(await differenceOf(files, steps)).toBeLessThan(1e-5);
  },
  120_000,
);
