import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { StagingRing } from '../gpu/staging-ring.ts';
import { MAX_SUMS } from '../kernels/sum-partials.ts';
import { HISTOGRAM_LENGTH } from '../reference/magnitude-histogram.ts';

const DEPTH = 3;

/** Buffers for tiles of at most `maxElements`. */
export class PruneLanes implements Disposable {
  readonly maxElements: number;
  readonly uploads: StagingRing;
  readonly readBacks: StagingRing;
  readonly values: OwnedBuffer;
  readonly counts: OwnedBuffer;
  readonly tieCounts: OwnedBuffer;
  readonly total: OwnedBuffer;
  readonly mask: OwnedBuffer;
  readonly partials: OwnedBuffer;
  readonly sums: OwnedBuffer;
  readonly faults: OwnedBuffer;

  constructor(gpu: Gpu, maxElements: number) {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const words = Math.ceil(maxElements / 32);
    const countBytes = 4 * HISTOGRAM_LENGTH;
    const scratch = (label: string, byteLength: number) =>
      gpu.buffer(`prune/${label}`, byteLength, STORAGE | COPY_SRC | COPY_DST);
    this.maxElements = maxElements;
    this.values = scratch('values', 4 * maxElements);
    this.counts = scratch('counts', countBytes);
    this.tieCounts = scratch('tie-counts', 4 * words);
    this.total = scratch('total', 4);
    this.mask = scratch('mask', 4 * words);
    this.partials = scratch('partials', 16 * words);
    this.sums = scratch('sums', 16 * MAX_SUMS);
    this.faults = scratch('faults', 4);
    this.uploads = new StagingRing(gpu, 'upload', DEPTH, 4 * maxElements);
    const readBackBytes = Math.max(countBytes, 4 + 4 * words + 16 * MAX_SUMS);
    this.readBacks = new StagingRing(gpu, 'read-back', DEPTH, readBackBytes);
  }

  [Symbol.dispose](): void {
    this.uploads[Symbol.dispose]();
    this.readBacks[Symbol.dispose]();
    for (const buffer of [
      ...[this.values, this.counts, this.tieCounts, this.total],
      ...[this.mask, this.partials, this.sums, this.faults],
    ]) {
      buffer.destroy();
    }
  }
}
