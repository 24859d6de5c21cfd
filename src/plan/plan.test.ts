import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { encodingLayout, layoutBytes } from '../catalog/encoding-layout.ts';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import { TECHNIQUES, type TechniqueId } from '../catalog/techniques.ts';
import { seededRandom } from '../core/random.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { writeOnnx } from '../formats/onnx/write.ts';
import { payloadKey } from '../model/edit.ts';
import { findWeights } from '../model/find-weights.ts';
import { graphsOf, MAIN_GRAPH } from '../model/graphs.ts';
import type { Model } from '../model/model.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { storedBits } from './describe-weight.ts';
import { type Plan, planRecipe } from './plan.ts';

const open = async (path: string) => {
  const blob = await openAsBlob(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
  return openOnnx([{ path: path.split('/').at(-1) ?? path, blob }]);
};
const sentiment = await open('public/samples/sentiment-tiny/model.onnx');
const digits = await open('public/samples/digits/model.onnx');

const others = await Promise.all(
  ['lstm', 'conv_transpose', 'tied_embedding', 'gemm_transA_transB', 'if_subgraphs'].map((name) =>
    open(`golden/onnx/${name}.onnx`),
  ),
);

const recipeOf = (target: TargetId, steps: Step[]): Recipe => ({
  format: 'whittle-recipe',
  version: 1,
  name: 'test',
  target,
  seed: 1,
  steps,
});
const matrices = (options: Step['options']): Step => ({
  technique: 'rtn',
  where: { op: ['MatMul', 'Gemm'] },
  options,
});
const storedTensors = ({ planned }: Plan) =>
  planned.flatMap(({ parts }) => parts.flatMap(({ tensors }) => Object.values(tensors)));

/** Fills every payload with zeros of its planned length. */
const written = (model: Model & Parameters<typeof writeOnnx>[0], plan: Plan) =>
  writeOnnx(
    model,
    plan.layout,
    new Map(
      storedTensors(plan).map((spec) => [payloadKey(spec), new Uint8Array(layoutBytes(spec))]),
    ),
  );

describe('the planned size is the written size', () => {
  const random = seededRandom(7);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  /** Any option at any of its values; of numbers the ends and two between. */
  const randomOptions = (technique: TechniqueId): Step['options'] =>
    Object.fromEntries(
      TECHNIQUES[technique].options.map((spec) => [
        spec.key,
        spec.kind === 'toggle'
          ? pick([true, false])
          : spec.kind === 'choice'
            ? pick(spec.choices).value
            : pick([spec.min, spec.max, spec.default, spec.integer ? 8 : 0.75]),
      ]),
    );
  const randomStep = (technique: TechniqueId): Step[] => {
    const where = pick([
      undefined,
      { minElements: 1 },
      { op: ['MatMul', 'Gemm'] },
      { op: ['Conv', 'Gather'], minElements: 64 },
      { name: '*/A' },
    ]);
    const step = { technique, options: randomOptions(technique) };
    return pick([[], [where ? { ...step, where } : step]]);
  };
  const cases = Array.from({ length: 160 }, (_, index) => ({
    index,
    model: pick([sentiment, sentiment, digits, digits, ...others]),
    recipe: recipeOf(pick(Object.keys(TARGETS) as TargetId[]), [
      ...randomStep('magnitude'),
      ...randomStep(pick(['svd', 'svd', 'asvd', 'svd-llm'])),
      ...randomStep(pick(['rtn', 'fp16'])),
      ...randomStep('rtn'),
      ...randomStep('rtn'),
      ...randomStep('residual'),
    ]),
  }));

  test.each(cases)('recipe $index', async ({ model, recipe }) => {
    const plan = planRecipe(model, findWeights(model), recipe);
    const [file, ...others] = written(model, plan);
    expect(others).toEqual([]);
    expect(file?.blob.size).toBe(plan.byteLength);

    const reopened = await openOnnx([{ path: 'model.onnx', blob: file?.blob ?? new Blob() }]);
    const added = plan.planned.flatMap(({ parts }) =>
      parts.flatMap((part) => encodingLayout(part.choice, part).map(({ dims }) => dims)),
    );
    const graphs = graphsOf(reopened);
    const found = new Map([...graphs.values()].flatMap(({ tensors }) => [...tensors]));
    const stored = storedTensors(plan).map(({ name }) => found.get(name)?.dims);
    expect(stored).toEqual(added);
    for (const { weight, parts } of plan.planned) {
      const [first] = parts;
      const isDense =
        parts.length === 1 && first?.choice.encoding === 'dense' && first.choice.kept === undefined;
      // Ids of bodies count nodes, which are others now.
      if (weight.graph !== MAIN_GRAPH) continue;
      expect(reopened.graph.tensors.has(weight.tensor.name)).toBe(isDense);
    }
    expect(reopened.graph.outputs).toEqual(model.graph.outputs);
  });
});

describe('what is left alone', () => {
  const weights = findWeights(digits);
  const recipe = recipeOf('webgpu', [matrices({ bits: 4 })]);

  test('says why, weight by weight', () => {
    const { leftAlone, planned } = planRecipe(digits, weights, recipe);
    const reasons = new Map(leftAlone.map(({ weight, reason }) => [weight.label, reason]));
    expect(reasons.get('wide.weight')).toBe('No step selects it');
    expect(reasons.get('stem.bias')).toBe('Biases and norms: 1-D, kept as they are');
    expect(planned.map(({ weight }) => weight.label)).toEqual([
      'hidden.weight',
      'classifier.weight',
    ]);
  });

  test('includes weights that failed, and the size follows', () => {
    const whole = planRecipe(digits, weights, recipe);
    const failed = new Map([['hidden.weight', 'holds values that are not finite']]);
    const partial = planRecipe(digits, weights, recipe, { failed });
    expect(partial.byteLength).toBeGreaterThan(whole.byteLength);
    expect(partial.leftAlone).toContainEqual({
      weight: weights.find(({ name }) => name === 'hidden.weight'),
      reason: 'holds values that are not finite',
      bytesAfter: 131_072,
    });
  });

  test('an empty recipe gives back the file', async () => {
    const plan = planRecipe(digits, weights, recipeOf('wasm', []));
    expect(plan.byteLength).toBe(digits.byteLength);
    const [file] = written(digits, plan);
    const original = digits.files[0]?.blob;
    expect(await file?.blob.arrayBuffer()).toEqual(await original?.arrayBuffer());
  });
});

test('the first matching step takes the weight', () => {
  const first: Step = {
    technique: 'rtn',
    where: { name: '*layer.0*' },
    options: { bits: 8 },
  };
  const recipe = recipeOf('webgpu', [first, matrices({ bits: 4 })]);
  const { planned } = planRecipe(sentiment, findWeights(sentiment), recipe);
  const bits = planned.map((item) => [item.weight.label.includes('layer.0'), storedBits(item)]);
  expect(bits.every(([isFirst, own]) => own === (isFirst ? 8 : 4))).toBe(true);
  expect(new Set(bits.map(([, own]) => own))).toEqual(new Set([4, 8]));
});
