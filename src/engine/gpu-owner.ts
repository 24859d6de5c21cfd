/** The engine's one GPU device and what computes on it; a lost device is replaced when next asked. */
import type { TuningMemory } from '../gpu/autotune.ts';
import { openDevice } from '../gpu/open-device.ts';
import { GpuExecutor } from '../methods/gpu-executor.ts';
import type { Executors } from './computing.ts';

export class GpuOwner implements Executors {
  readonly #tuning: TuningMemory;
  #owned: Promise<GpuExecutor> | null = null;

  /** `tuning` — where choices of kernels outlive the page */
  constructor(tuning: TuningMemory) {
    this.#tuning = tuning;
  }

  /** @throws no-webgpu */
  async acquire(): Promise<GpuExecutor> {
    const current = this.#owned;
    if (current) {
      const executor = await current;
      if (!executor.gpu.failure) return executor;
      if (this.#owned !== current) return this.acquire();
      executor[Symbol.dispose]();
    }
    const opening = openDevice().then((gpu) => new GpuExecutor(gpu, this.#tuning));
    this.#owned = opening;
    opening.catch(() => {
      if (this.#owned === opening) this.#owned = null;
    });
    return opening;
  }
}
