import type { Gpu } from '../../gpu/gpu.ts';
import { GpuExecutor } from '../../methods/gpu-executor.ts';
import type { Executors } from '../computing.ts';

/** One device for all that is asked; its variant of matrix products is not measured. */
export function executorsOn(gpu: Gpu): Executors {
  const executor = new GpuExecutor(gpu, { get: async () => 'register', set: async () => {} });
  return { acquire: async () => executor };
}
