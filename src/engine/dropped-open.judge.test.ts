/** Models without blocks, in ONNX Runtime: against their originals with the blocks bypassed. */
import { existsSync, mkdtempSync, openAsBlob, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { differenceOfModels } from '../../e2e/support/compare-models.ts';
import { checkModel, evaluate, judgeMissing } from '../../e2e/support/judge.ts';
import type { TargetId } from '../catalog/targets.ts';
import { assert } from '../core/assert.ts';
import { openDataset } from '../dataset/dataset.ts';
import { layoutOnnx } from '../formats/onnx/layout.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import {
  asFiles,
  buildMessage,
  buildModel,
  buildNode,
  buildValueInfo,
  floatTensor,
} from '../formats/onnx/testing/build-model.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { EMPTY_GRAPH_EDIT, type NodeSpec } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import { MAIN_GRAPH } from '../model/graphs.ts';
import type { SourceFile } from '../model/model.ts';
import { blocksOf, dropBlocks } from '../plan/blocks/drop-blocks.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Step } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import { madeUpCalibrator } from './testing/made-up-calibrator.ts';
import { recipeOf } from './testing/opened-sample.ts';

const { WHITTLE_SAMPLES = '' } = process.env;
const PUBLIC = fileURLToPath(new URL('../../public/samples', import.meta.url));
const missing = judgeMissing !== undefined;

const sample = async (folder: string, name: string): Promise<readonly SourceFile[]> => [
  { path: 'model.onnx', blob: await openAsBlob(join(folder, name, 'model.onnx')) },
];

/** Checks the model without `indices`; its largest difference from the original that skips them. */
async function differenceOf(files: readonly SourceFile[], indices: readonly number[]) {
  const model = await openOnnx(files);
  const dropped = blocksOf(model).blocks.filter(({ index }) => indices.includes(index));
  expect(dropped.map(({ obstacle }) => obstacle)).toEqual(indices.map(() => null));
  const { model: without } = await dropBlocks(model, dropped);
  const skips = new Map<number, readonly NodeSpec[]>();
  for (const { input, output } of dropped) {
    const maker = model.graph.nodes.find(({ outputs }) => outputs.includes(output));
    assert(maker, 'a node gives the output');
    const { name } = maker;
    const own = { op: 'Identity', domain: '', name, attributes: {} } as const;
    skips.set(maker.index, [{ ...own, inputs: [input], outputs: [output] }]);
  }
  const graphs = new Map([[MAIN_GRAPH, { ...EMPTY_GRAPH_EDIT, replacedNodes: skips }]]);
  const [skipping] = writeOnnx(model, layoutOnnx(model, { graphs, opsets: new Map() }), new Map());
  return differenceOfModels(await bytesOf(skipping?.blob), await bytesOf(without.files[0]?.blob));
}

const bytesOf = async (blob: Blob | undefined) =>
  new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));

test.skipIf(missing).each([
  ['digits', [0]],
  ['sentiment-tiny', [0]],
  ['sentiment-tiny', [0, 1]],
] as const)('%s without blocks %j', { timeout: 60_000 }, async (name, indices) => {
  expect(await differenceOf(await sample(PUBLIC, name), indices)).toBe(0);
});

const hasSamples = existsSync(WHITTLE_SAMPLES);

test.skipIf(missing || !hasSamples).each([
  ['sentiment-minilm', [0, 4, 5]],
  ['tiny-llama', [0, 3]],
] as const)('%s without blocks %j', { timeout: 120_000 }, async (name, indices) => {
  expect(await differenceOf(await sample(WHITTLE_SAMPLES, name), indices)).toBe(0);
});

/** From `x` [3, 8], three layers that add to it; `y` is made of the last one's output. */
function threeLayers(outputs: readonly string[]) {
  const wave = (name: string) =>
    floatTensor(
      name,
      [8, 8],
      Array.from({ length: 64 }, (_, at) => Math.sin(at + name.charCodeAt(1))),
    );
  const layers = ['0', '1', '2'].flatMap((at, index) => {
    const input = index === 0 ? 'x' : `f${index - 1}`;
    return [
      buildNode('MatMul', [input, `w${at}`], [`h${at}`]),
      buildNode('Tanh', [`h${at}`], [`t${at}`]),
      buildNode('Add', [input, `t${at}`], [`f${at}`]),
    ];
  });
  return buildModel({
    nodes: [...layers, buildNode('Relu', ['f2'], ['y'])],
    initializers: ['w0', 'w1', 'w2'].map(wave),
    ...{ inputs: [], outputs: [] },
    extra: [
      buildMessage([11, buildValueInfo('x', [3, 8])]),
      ...outputs.map((name) => buildMessage([12, buildValueInfo(name, [3, 8])])),
    ],
  });
}

test.skipIf(missing)('outputs of the model keep their names', async () => {
  const files = asFiles(threeLayers(['y', 'f1']));
  expect(await differenceOf(files, [1])).toBe(0);
  expect(await differenceOf(files, [0, 1, 2])).toBe(0);
});

const drop: Step = { technique: 'cut-blocks', options: { share: 0.5, score: 'depth' } };
const step = (technique: Step['technique'], options: Step['options'] = {}): Step => ({
  ...{ technique, options },
});
const CUT = [step('cut-heads', { share: 0.5 }), step('cut-neurons', { share: 0.25 })];

test.skipIf(missing).each<readonly [string, TargetId, readonly Step[]]>([
  ['nothing else', 'wasm', []],
  ['4 bits', 'webgpu', [step('rtn', { bits: 4, blockSize: 32 })]],
  ['heads, neurons and 4 bits in a newer opset', 'portable', [...CUT, step('rtn', { bits: 4 })]],
])('dropped, and %s: for %s', { timeout: 120_000 }, async (_, target, after) => {
  const folder = join(PUBLIC, 'sentiment-tiny');
  const model = await openOnnx(await sample(PUBLIC, 'sentiment-tiny'));
  const weights = findWeights(model);
  const open = { model, weights, dataset: await openDataset([], model, { seed: 1 }) };
  const recipe = recipeOf(target, drop, ...after);
  const made = await compress(open, recipe, {
    signal: new AbortController().signal,
    executors: { acquire: async () => new CpuExecutor() },
    progress: () => {},
    calibrator: madeUpCalibrator(3),
  });
  const [first] = blocksOf(model).blocks;
  assert(first, 'there is a block');
  const without = await dropBlocks(model, [first]);
  const plan = planRecipe(without.model, without.weights, recipe);
  const path = join(mkdtempSync(join(tmpdir(), 'whittle-dropped-')), 'model.onnx');
  const bytes = await bytesOf(made.files[0]?.blob);
  expect(bytes.length).toBe(plan.byteLength);
  writeFileSync(path, bytes);
  await checkModel(path);
  const { rows } = await evaluate(folder, path, 10);
  expect(rows.every(({ logits }) => logits.every(Number.isFinite))).toBe(true);
  const gone = made.weights.filter(({ encoding }) => encoding === 'dropped');
  expect(new Set(gone.map(({ note }) => note))).toEqual(new Set(['Block 1 of 2 is dropped']));
  expect(made.weights.length).toBeGreaterThan(without.weights.length);
});
