import type { Profile } from '../bridge/profile.ts';
import type { GpuExecutor } from '../methods/gpu-executor.ts';
import { timeKernels } from '../methods/kernel-times.ts';
import { profileKernels } from '../methods/rtn-profile.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { compress } from './compress.ts';
import type { OpenModel } from './models.ts';
import { runtimeCalibrator } from './runtime-calibrator.ts';
import { specOf } from './store-part.ts';

const TILE_BYTES = 8 * 2 ** 20;

/**
 * Compresses twice, timing the second; then times each kernel: those of the recipe on the largest
 * weight's first tile, and the others, with their variants, on values of their own.
 */
export async function profile(
  open: OpenModel,
  recipe: Recipe,
  { executor, signal }: { executor: GpuExecutor; signal: AbortSignal },
): Promise<Profile> {
  const executors = { acquire: async () => executor };
  const context = { signal, executors, progress: () => {}, calibrator: runtimeCalibrator };
  await compress(open, recipe, context);
  const start = performance.now();
  const { phases, byteLength } = await compress(open, recipe, context);
  const durationMs = performance.now() - start;

  const { planned } = planRecipe(open.model, open.weights, recipe);
  const elements = planned.reduce((sum, { view: { K, N } }) => sum + K * N, 0);
  const bytes = planned.reduce((sum, { weight }) => sum + weight.tensor.byteLength, 0);
  const { gpu } = executor;
  const [largest] = planned
    .flatMap(({ parts }) => parts)
    .filter(({ choice }) => choice.kind === 'quantized')
    .sort((a, b) => b.K * b.N - a.K * a.N);
  const kernels = [
    ...(largest ? await profileKernels(gpu, specOf(largest), TILE_BYTES) : []),
    ...(await timeKernels(gpu)),
  ];
  return {
    adapter: executor.name,
    software: executor.software,
    byteLength,
    phases: [
      ...phases.map((phase) => (phase.name === 'compress' ? { ...phase, elements, bytes } : phase)),
      { name: 'compress, all phases', durationMs, elements, bytes },
      ...kernels.map(({ kernel, ...figures }) => ({ name: `kernel ${kernel}`, ...figures })),
    ],
  };
}
