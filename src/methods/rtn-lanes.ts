import type { Gpu } from '../gpu/gpu.ts';
import { StagingRing } from '../gpu/staging-ring.ts';
import { RtnDevice } from './rtn-device.ts';

/** Buffers for tiles of at most `maxElements`. */
export class RtnLanes implements Disposable {
  readonly maxElements: number;
  readonly device: RtnDevice;
  readonly uploads: StagingRing;
  readonly readBacks: StagingRing;

  constructor(gpu: Gpu, maxElements: number, depth: number) {
    this.maxElements = maxElements;
    this.device = new RtnDevice(gpu, maxElements);
    this.uploads = new StagingRing(gpu, 'upload', depth, 4 * maxElements);
    this.readBacks = new StagingRing(gpu, 'read-back', depth, this.device.maxOutputByteLength);
  }

  [Symbol.dispose](): void {
    for (const owned of [this.device, this.uploads, this.readBacks]) owned[Symbol.dispose]();
  }
}
