/** The engine's one GPU device and the pipelines on it; a lost device is replaced when next asked. */
import type { Gpu } from '../gpu/gpu.ts';
import { openDevice } from '../gpu/open-device.ts';
import { RtnPipeline } from '../methods/rtn.ts';

interface Owned {
  readonly gpu: Gpu;
  readonly rtn: RtnPipeline;
}

export class GpuOwner {
  #owned: Promise<Owned> | null = null;

  /** @throws no-webgpu */
  async acquire(): Promise<Owned> {
    const current = this.#owned;
    if (current && !(await current).gpu.failure) return current;
    const opening = openDevice().then((gpu) => ({ gpu, rtn: new RtnPipeline(gpu) }));
    this.#owned = opening;
    opening.catch(() => {
      if (this.#owned === opening) this.#owned = null;
    });
    return opening;
  }
}
