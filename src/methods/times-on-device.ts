/** What `npm run gpu` times, on the machine's own adapter. */
import type { AdapterSummary } from '../gpu/adapter-summary.ts';
import type { TuningMemory } from '../gpu/autotune.ts';
import { openDevice } from '../gpu/open-device.ts';
import { timeOnDevice } from '../gpu/time-dispatches.ts';
import { CpuExecutor } from './cpu-executor.ts';
import { GpuExecutor } from './gpu-executor.ts';
import { timeKernels } from './kernel-times.ts';
import type { KernelProfile } from './rtn-profile.ts';
import { timeWeights, type WeightTime } from './weight-times.ts';

export interface TimesOnDevice {
  readonly adapter: AdapterSummary;
  readonly times: readonly KernelProfile[];
}

export interface WeightsOnDevice {
  readonly adapter: AdapterSummary;
  readonly gpu: readonly WeightTime[];
  /** Of one thread; null unless asked for. */
  readonly cpu: readonly WeightTime[] | null;
}

/** `timeKernels` by the clock of the adapter, for `npm run gpu -- --times`. */
export async function timesOnDevice(elements: number, side: number): Promise<TimesOnDevice> {
  using gpu = await openDevice();
  const times = await timeKernels(gpu, { elements, side, time: timeOnDevice });
  return { adapter: gpu.adapter, times };
}

/** `timeWeights` for `npm run gpu -- --weights`. */
export async function weightsOnDevice(
  side: number,
  only: string,
  withCpu: boolean,
): Promise<WeightsOnDevice> {
  const nothing: TuningMemory = { get: async () => undefined, set: async () => {} };
  const gpu = await openDevice();
  using executor = new GpuExecutor(gpu, nothing);
  const own = await timeWeights(executor, side, only);
  using cpu = withCpu ? new CpuExecutor() : null;
  return { adapter: gpu.adapter, gpu: own, cpu: cpu && (await timeWeights(cpu, side, only)) };
}
