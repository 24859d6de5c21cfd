import { type Choice, chooseFastest, type TuningMemory } from '../gpu/autotune.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { MATMUL_VARIANTS, MATMUL_VERSION, type MatmulVariant, matmul } from './matmul.ts';

/** 33.6 MFLOP: enough workgroups for a small GPU, and 20 ms on a software adapter. */
const SIDE = 256;

/**
 * The variant of `matmul` that is faster on this adapter, measured once on 256 × 256 × 256. On a
 * software adapter barriers make the tiles in shared memory 2 to 13 times slower than registers, and
 * compiling them takes seconds, so nothing is measured there.
 * @throws device-lost, out-of-memory, gpu-failed
 */
export async function chooseMatmul(
  gpu: Gpu,
  memory: TuningMemory,
  isSoftware = gpu.adapter.isSoftware,
): Promise<Choice<MatmulVariant>> {
  if (isSoftware) return { name: 'register', durationsMs: null };
  const { STORAGE } = GPUBufferUsage;
  using a = gpu.buffer('autotune/a', 4 * SIDE * SIDE, STORAGE);
  using b = gpu.buffer('autotune/b', 4 * SIDE * SIDE, STORAGE);
  using c = gpu.buffer('autotune/c', 4 * SIDE * SIDE, STORAGE);
  const sides = { M: SIDE, N: SIDE, K: SIDE, aStride: SIDE, bStride: SIDE, cStride: SIDE };
  await Promise.all(MATMUL_VARIANTS.map((variant) => gpu.prepare(matmul(variant, 'NN'))));
  return await chooseFastest(
    gpu,
    {
      task: 'matmul',
      version: MATMUL_VERSION,
      candidates: MATMUL_VARIANTS,
      record: (variant, batch) =>
        batch.dispatch(matmul(variant, 'NN'), { a, b, c }, { ...sides, accumulate: 0 }),
    },
    memory,
  );
}
