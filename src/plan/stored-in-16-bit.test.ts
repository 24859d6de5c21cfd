import { expect, test } from 'vitest';
import { layoutBytes } from '../catalog/encoding-layout.ts';
import { float16Bits } from '../core/float16.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { buildModel, buildNode } from '../formats/onnx/testing/build-model.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { payloadKey } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { planRecipe } from './plan.ts';

const RECIPE: Recipe = {
  format: 'whittle-recipe',
  version: 1,
  name: 'case',
  target: 'webgpu',
  seed: 1,
  steps: [{ technique: 'rtn', options: { bits: 4 } }],
};
const halves = new Uint8Array(
  Uint16Array.from({ length: 64 * 32 }, (_, i) => float16Bits(i)).buffer,
);

const open = (nodes: ReturnType<typeof buildNode>[]) =>
  openOnnx([
    {
      path: 'model.onnx',
      blob: new Blob([
        buildModel({
          nodes,
          initializers: [{ name: 'W', dtype: 'float16', dims: [64, 32], bytes: halves }],
          inputs: ['x'],
          outputs: ['y'],
        }),
      ]),
    },
  ]);

test('16-bit weights that are widened before use are compressed, and the Cast goes', async () => {
  const cast = { ...buildNode('Cast', ['W'], ['wide']), attributes: { to: { int: 1 } } };
  const model = await open([cast, buildNode('MatMul', ['x', 'wide'], ['y'])]);
  const { planned, layout } = planRecipe(model, findWeights(model), RECIPE);
  expect(planned.map(({ weight, view }) => [weight.name, view.K, view.N])).toEqual([['W', 64, 32]]);
  const zeros = planned
    .flatMap(({ parts }) => parts.flatMap(({ tensors }) => Object.values(tensors)))
    .map((spec) => [payloadKey(spec), new Uint8Array(layoutBytes(spec))] as const);
  const written = await openOnnx(writeOnnx(model, layout, new Map(zeros)));
  expect(written.graph.nodes.map(({ op }) => op)).toEqual(['Cast', 'MatMulNBits']);
  expect(written.graph.nodes[0]?.inputs).toEqual(['W_scales_f16']);
});

test('16-bit arithmetic gets its 16-bit value back', async () => {
  const model = await open([buildNode('MatMul', ['x', 'W'], ['y'])]);
  const { planned, layout } = planRecipe(model, findWeights(model), RECIPE);
  const zeros = planned
    .flatMap(({ parts }) => parts.flatMap(({ tensors }) => Object.values(tensors)))
    .map((spec) => [payloadKey(spec), new Uint8Array(layoutBytes(spec))] as const);
  const written = await openOnnx(writeOnnx(model, layout, new Map(zeros)));
  const ops = written.graph.nodes.map(({ op, outputs }) => [op, outputs[0]]);
  expect(ops.slice(-3)).toEqual([
    ['DequantizeLinear', 'W_dequantized'],
    ['Cast', 'W'],
    ['MatMul', 'y'],
  ]);
  expect(written.opsets.get('')).toBe(21);
});
