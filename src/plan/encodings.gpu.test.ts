/** Every encoding × operator on both backends of the runtime, beside the weights that it stands for. */
import { describe, expect, test } from 'vitest';
import { floatsOf } from '../bench/outputs.ts';
import { createSession } from '../bench/session.ts';
import { keepPipelines } from '../bench/testing/keep-pipelines.ts';
import { TARGETS, type TargetId } from '../catalog/targets.ts';
import { BACKENDS, type Backend } from '../core/backend.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { asFiles } from '../formats/onnx/testing/build-model.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Step } from '../recipe/recipe.ts';
import { encodingIds, weightLabel } from './describe-weight.ts';
import { type Plan, type PlanFacts, planRecipe } from './plan.ts';
import { outputOf, referencePayloads } from './testing/reference-output.ts';
import { restoredModel } from './testing/restored-model.ts';
import { SMALL_GRAPHS, type SmallGraph, smallModel } from './testing/small-graphs.ts';

const where = { minElements: 100 };
const rtn = (options: Step['options']): Step => ({ technique: 'rtn', where, options });
const sparse: Step = { technique: 'magnitude', where, options: { sparsity: 0.9 } };
const palettes = (options: Step['options']): Step => ({ technique: 'palettize', where, options });
const spatial: Step = { technique: 'svd', where, options: { by: 'budget', kernels: 'spatial' } };
const residual = (options: Step['options']): Step => ({ technique: 'residual', where, options });
const RECIPES: readonly (readonly Step[])[] = [
  [rtn({ bits: 8, blockSize: 'channel' })],
  [rtn({ bits: 8, blockSize: 32 })],
  [rtn({ bits: 8, blockSize: 'channel', symmetric: false, compute: 'exact' })],
  [rtn({ bits: 4, blockSize: 32 })],
  [rtn({ bits: 4, blockSize: 64, symmetric: false, compute: 'exact' })],
  [rtn({ bits: 4, blockSize: 'channel', compute: 'exact' })],
  [{ technique: 'fp16', where, options: {} }],
  [sparse],
  [sparse, rtn({ bits: 8, blockSize: 'channel' })],
  [sparse, rtn({ bits: 4, blockSize: 32 })],
  [{ technique: 'nf4', where, options: { compute: 'exact' } }],
  [palettes({ bits: 3, channels: 4 })],
  [palettes({ bits: 6, channels: 'all', compute: 'exact' })],
  [
    { technique: 'svd', where, options: { by: 'budget', budget: 0.8 } },
    rtn({ bits: 8, blockSize: 'channel' }),
  ],
  [spatial],
  [spatial, rtn({ bits: 8, blockSize: 'channel' })],
  [rtn({ bits: 4, blockSize: 32 }), residual({ rank: 3, factors: 'int8' })],
  [rtn({ bits: 4, blockSize: 32, compute: 'exact' }), residual({ rank: 3 })],
];

/** Of a kernel that is split spatially. */
const FOUND: PlanFacts = { ranks: new Map([['W', { spatial: 8 }]]) };

/**
 * Per graph, plans for all targets that differ in what is stored and how it is computed. Making
 * pipelines on a software adapter takes most of the time, so WebGPU gets one plan an encoding.
 */
async function variantsOf(graph: SmallGraph, backend: Backend) {
  const { bytes, x } = smallModel(graph);
  const model = await openOnnx(asFiles(bytes));
  const plans = new Map<string, Plan>();
  for (const target of Object.keys(TARGETS) as TargetId[]) {
    for (const steps of RECIPES) {
      const plan = planRecipe(
        model,
        findWeights(model),
        {
          ...{ format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1, steps },
        },
        FOUND,
      );
      const labels = plan.planned.map((item) => `${encodingIds(item)} ${weightLabel(item)}`);
      const encodings = plan.planned.map((item) => encodingIds(item));
      const symmetric = steps.map(({ options }) => options['symmetric'] ?? '');
      const key =
        backend === 'wasm' ? `${labels.join('; ')} ${symmetric}` : `${encodings} ${symmetric}`;
      if (plan.planned.length > 0 && !plans.has(key)) plans.set(key, plan);
    }
  }
  return { model, x, plans };
}

await keepPipelines();

const ROUNDS = /uint8|tied-blocks/;

describe.each(Object.entries(SMALL_GRAPHS))('%s', (_name, graph) => {
  test.each(BACKENDS)('on %s', { timeout: 120_000 }, async (backend) => {
    const { model, x, plans } = await variantsOf(graph, backend);
    const dtype = graph.rows ? 'int64' : 'float32';
    const feeds = { x: { dtype, dims: graph.input, data: x } } as const;
    const run = async (bytes: Uint8Array, on: Backend) => {
      const session = await createSession(bytes, on);
      try {
        const { y } = await session.run(feeds);
        return y && floatsOf(y);
      } finally {
        await session.release();
      }
    };
    const problems: string[] = [];
    for (const [key, plan] of plans) {
      const { payloads, restored } = await referencePayloads(model, plan);
      try {
        const wanted = await run(await restoredModel(model, plan, restored), 'wasm');
        const given = await run(await outputOf(model, plan, payloads), backend);
        const far = distance(given, wanted);
        if (!(far <= (ROUNDS.test(key) ? 0.03 : 1e-5))) problems.push(`${key}: ${far} away`);
      } catch (error) {
        problems.push(`${key}: ${error instanceof Error ? error.message : error}`);
      }
    }
    expect(plans.size).toBeGreaterThan(2);
    expect(problems).toEqual([]);
  });
});

/** Norm of the difference over norm; NaN if lengths differ. */
function distance(
  given: ArrayLike<number> | null | undefined,
  wanted: ArrayLike<number> | null | undefined,
): number {
  if (!given || !wanted || given.length !== wanted.length) return Number.NaN;
  let gap = 0;
  let norm = 0;
  for (let i = 0; i < wanted.length; i++) {
    gap += ((given[i] ?? Number.NaN) - (wanted[i] ?? 0)) ** 2;
    norm += (wanted[i] ?? 0) ** 2;
  }
  return Math.sqrt(gap / norm);
}
