/** What a file is read to hold is what the reference stored, for every encoding of every operator. */
import { expect, test } from 'vitest';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { asFiles } from '../formats/onnx/testing/build-model.ts';
import { findWeights } from '../model/find-weights.ts';
import { encodingIds, weightLabel } from '../plan/describe-weight.ts';
import { planRecipe } from '../plan/plan.ts';
import { outputOf, referencePayloads } from '../plan/testing/reference-output.ts';
import { SMALL_GRAPHS, smallModel } from '../plan/testing/small-graphs.ts';
import { SPARSE_ENCODINGS } from '../plan/testing/sparse-encodings.ts';
import type { Step } from '../recipe/recipe.ts';
import { payloadReader, readStoredWeight } from './stored-weight.ts';

const where = { minElements: 100 };
const rtn = (options: Step['options']): Step => ({ technique: 'rtn', where, options });
const sparse: Step = { technique: 'magnitude', where, options: { sparsity: 0.9 } };
const RECIPES: readonly (readonly Step[])[] = [
  [rtn({ bits: 8, blockSize: 'channel' })],
  [rtn({ bits: 8, blockSize: 32, scaleType: 'float32' })],
  [rtn({ bits: 8, blockSize: 16, symmetric: false })],
  [rtn({ bits: 8, blockSize: 'channel', symmetric: false, compute: 'exact' })],
  [rtn({ bits: 4, blockSize: 32 })],
  [rtn({ bits: 4, blockSize: 16, symmetric: false })],
  [rtn({ bits: 4, blockSize: 64, symmetric: false, compute: 'exact' })],
  [rtn({ bits: 4, blockSize: 'channel', compute: 'exact' })],
  [rtn({ bits: 4, blockSize: 'channel', symmetric: false })],
  [rtn({ bits: 2, blockSize: 16, symmetric: false })],
  [{ technique: 'fp16', where, options: {} }],
  [{ technique: 'magnitude', where, options: { sparsity: 0.4 } }],
  [{ technique: 'magnitude', where, options: {} }, rtn({ bits: 8 })],
  [sparse, { technique: 'fp16', where, options: {} }],
  [sparse, rtn({ bits: 8, blockSize: 'channel' })],
  [sparse, rtn({ bits: 8, blockSize: 32 })],
  [sparse, rtn({ bits: 4, blockSize: 32 })],
  [sparse, rtn({ bits: 2, blockSize: 16 })],
  [
    { technique: 'svd', where, options: { by: 'budget', budget: 0.8 } },
    rtn({ bits: 8, blockSize: 'channel' }),
  ],
  [{ technique: 'svd', where, options: { by: 'budget', budget: 0.5 } }],
  [{ technique: 'svd', where, options: { by: 'budget', kernels: 'spatial' } }, rtn({ bits: 8 })],
  [rtn({ bits: 4, blockSize: 16 }), { technique: 'residual', where, options: { rank: 3 } }],
];
const signal = new AbortController().signal;
const seen = new Set<string>();

test.each(Object.entries(SMALL_GRAPHS))('%s', async (_name, graph) => {
  const { bytes } = smallModel(graph);
  const model = await openOnnx(asFiles(bytes));
  const weights = findWeights(model);
  const done = new Set<string>();
  for (const target of Object.keys(TARGETS) as TargetId[]) {
    for (const steps of RECIPES) {
      const plan = planRecipe(
        model,
        weights,
        {
          ...{ format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1, steps },
        },
        { ranks: new Map([['W', { spatial: 6 }]]) },
      );
      const kinds = plan.planned.map((item) => `${encodingIds(item)} ${weightLabel(item)}`);
      const kind = `${kinds} ${steps.map(({ options }) => JSON.stringify(options['symmetric']))}`;
      if (done.has(kind)) continue; // another target stores the same
      done.add(kind);
      const { payloads, restored } = await referencePayloads(model, plan);
      const output = await outputOf(model, plan, payloads);
      const files = plan.layout.files.map(({ path }) => ({ path, blob: new Blob([output]) }));
      const read = payloadReader(plan, files);
      for (const item of plan.planned) {
        seen.add(encodingIds(item));
        const { values, matrix } = await readStoredWeight(item, read, signal);
        const wanted = restored.get(item.weight.name) ?? new Float32Array(0);
        expect(values).toHaveLength(wanted.length);
        const far = values.reduce((most, value, i) => {
          const distance = Math.abs(value - (wanted[i] ?? Number.NaN));
          return distance <= most ? most : distance;
        }, 0);
        // Products of factors are summed in another order; everything else is the same value.
        expect(far, `${encodingIds(item)} on ${target}`).toBeLessThanOrEqual(
          item.parts.length > 1 ? 1e-5 : 0,
        );
        if (!matrix) continue;
        const levels = new Set(matrix.levels(0, 0));
        const block = new Float32Array(item.view.K);
        matrix.channel(0, block);
        expect([...block.slice(0, matrix.blockSize)].every((value) => levels.has(value))).toBe(
          true,
        );
      }
    }
  }
});

test('every encoding was read', () => {
  expect([...seen].toSorted().filter((id) => !id.includes(','))).toEqual([
    'blocks-to-uint8',
    'conv-uint8',
    'dense',
    'dequantize-linear',
    'dynamic-uint8',
    'float16',
    'gather-block-quantized',
    'int8-rows',
    'matmul-nbits',
    'packed-rows',
    ...SPARSE_ENCODINGS,
    'tied-blocks',
    'tied-nbits',
    'tied-uint8',
  ]);
});
