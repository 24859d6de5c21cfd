import type { AdapterSummary } from '../gpu/adapter-summary.ts';
import { openDevice } from '../gpu/open-device.ts';
import { timeOnDevice } from '../gpu/time-dispatches.ts';
import { timeKernels } from './kernel-times.ts';
import type { KernelProfile } from './rtn-profile.ts';

export interface TimesOnDevice {
  readonly adapter: AdapterSummary;
  readonly times: readonly KernelProfile[];
}

/** `timeKernels` by the clock of the machine's own adapter, for `npm run gpu -- --times`. */
export async function timesOnDevice(elements: number, side: number): Promise<TimesOnDevice> {
  using gpu = await openDevice();
  const times = await timeKernels(gpu, { elements, side, time: timeOnDevice });
  return { adapter: gpu.adapter, times };
}
