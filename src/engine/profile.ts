/** Times of a warm compression, by phase and by kernel: what `npm run bench` prints. */
import type { Profile } from '../bridge/protocol.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { RtnPipeline } from '../methods/rtn.ts';
import { profileKernels } from '../methods/rtn-profile.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { compress, specOf } from './compress.ts';
import type { OpenModel } from './models.ts';

const TILE_BYTES = 8 * 2 ** 20;

/** Compresses twice, timing the second; then times each kernel on the largest weight's first tile. */
export async function profile(
  open: OpenModel,
  recipe: Recipe,
  { gpu, rtn, signal }: { gpu: Gpu; rtn: RtnPipeline; signal: AbortSignal },
): Promise<Profile> {
  const device = { name: gpu.adapter.name, software: gpu.adapter.isSoftware };
  const context = { signal, rtn, device, progress: () => {} };
  await compress(open, recipe, context);
  const start = performance.now();
  const { phases, byteLength } = await compress(open, recipe, context);
  const durationMs = performance.now() - start;

  const { planned } = planRecipe(open.model, open.weights, recipe);
  const elements = planned.reduce((sum, { view: { K, N } }) => sum + K * N, 0);
  const bytes = planned.reduce((sum, { weight }) => sum + weight.tensor.byteLength, 0);
  const [largest] = [...planned].sort((a, b) => b.view.K * b.view.N - a.view.K * a.view.N);
  const kernels = largest ? await profileKernels(gpu, specOf(largest), TILE_BYTES) : [];
  return {
    adapter: gpu.adapter.name,
    software: gpu.adapter.isSoftware,
    byteLength,
    phases: [
      ...phases.map((phase) => (phase.name === 'compress' ? { ...phase, elements, bytes } : phase)),
      { name: 'compress, all phases', durationMs, elements, bytes },
      ...kernels.map(({ kernel, ...figures }) => ({ name: `kernel ${kernel}`, ...figures })),
    ],
  };
}
