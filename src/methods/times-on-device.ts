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

/** `timeKernels` by the clock of the adapter, for `npm run gpu -- --times`. */
export async function timesOnDevice(elements: number, side: number): Promise<TimesOnDevice> {
  using gpu = await openDevice();
  const times = await timeKernels(gpu, { elements, side, time: timeOnDevice });
  return { adapter: gpu.adapter, times };
}

/**
 * `timeWeights` for `npm run gpu -- --weights`, a method after the other: on the adapter and, if asked
 * for, on one thread.
 * - `onAdapter` — called first
 */
export async function* weightsOnDevice(
  side: number,
  only: string,
  withCpu: boolean,
  onAdapter: (adapter: AdapterSummary) => void,
): AsyncGenerator<WeightTime, void, undefined> {
  const nothing: TuningMemory = { get: async () => undefined, set: async () => {} };
  using executor = new GpuExecutor(await openDevice(), nothing);
  onAdapter(executor.gpu.adapter);
  using cpu = new CpuExecutor();
  yield* timeWeights(withCpu ? [executor, cpu] : [executor], side, only);
}
