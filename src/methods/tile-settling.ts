/** The device side of settling the blocks of one tile: its buffers, and the commands for them. */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { aligned } from '../gpu/alignment.ts';
import type { Batch, BufferSlice } from '../gpu/batch.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import type { AnyKernel } from '../gpu/kernel.ts';
import { blockParameters } from '../kernels/block-parameters.ts';
import { groupRanges } from '../kernels/group-ranges.ts';
import { settleBlocks } from '../kernels/settle-blocks.ts';

/** As `settleBlocks` writes them. */
export interface TileResults {
  /** uint8, one a value */
  readonly codes: Uint8Array;
  /** uint32 [groups, 2] */
  readonly kept: Uint32Array;
  /** float32 [groups, 4] */
  readonly errors: Float32Array;
}

interface TileShape {
  readonly groups: number;
  readonly rowLength: number;
  readonly groupSize: number;
}

const settleKernel = ({ bits, rule, scaleType }: QuantizeSpec) =>
  settleBlocks({ bits, divides: rule !== 'matmul-nbits', scaleType });

export const settlingKernels = (spec: QuantizeSpec): readonly AnyKernel[] => [
  ...[groupRanges, blockParameters(spec), settleKernel(spec)],
];

export class TileSettling implements Disposable {
  /** f32 [groups, 2]: for a solver's scales and zero points. */
  readonly found: OwnedBuffer;
  /** For `results`. */
  readonly output: OwnedBuffer;
  readonly #spec: QuantizeSpec;
  readonly #shape: TileShape;
  readonly #parts: Readonly<Record<'kept' | 'errors' | 'codes', BufferSlice>>;
  readonly #ranges: OwnedBuffer;
  /** What `blockParameters` writes. */
  readonly #plain: Readonly<Record<'blocks' | 'scales' | 'zeroPoints' | 'faults', OwnedBuffer>>;
  readonly #owned: OwnedBuffer[] = [];

  /** - `elements` — values of the tile */
  constructor(gpu: Gpu, spec: QuantizeSpec, shape: TileShape, elements: number) {
    const { STORAGE, COPY_SRC } = GPUBufferUsage;
    const { groups } = shape;
    const own = (label: string, byteLength: number, usage = 0) => {
      const buffer = gpu.buffer(`settling/${label}`, byteLength, STORAGE | usage);
      this.#owned.push(buffer);
      return buffer;
    };
    this.#spec = spec;
    this.#shape = shape;
    const kept = 0;
    const errors = aligned(8 * groups);
    const codes = errors + aligned(16 * groups);
    const codesByteLength = 4 * Math.ceil(elements / 4);
    try {
      this.found = own('found', 8 * groups);
      this.#ranges = own('ranges', 8 * groups);
      this.#plain = {
        blocks: own('blocks', 16 * groups),
        scales: own('scales', 4 * groups),
        zeroPoints: own('zero-points', groups),
        faults: own('faults', 8),
      };
      // New and so filled with zeros, as the codes must be.
      this.output = own('output', codes + codesByteLength, COPY_SRC);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
    const { output } = this;
    this.#parts = {
      kept: { buffer: output, offset: kept, size: 8 * groups },
      errors: { buffer: output, offset: errors, size: 16 * groups },
      codes: { buffer: output, offset: codes, size: codesByteLength },
    };
  }

  /**
   * After a solver has filled `found`. The kernels are prepared.
   * - `weight` — f32, up to a multiple of 16 bytes
   */
  record(batch: Batch, weight: GPUBuffer): void {
    const ranges = this.#ranges;
    const { blocks } = this.#plain;
    const shape = this.#shape;
    batch.dispatch(groupRanges, { weight, ranges }, shape);
    batch.dispatch(
      blockParameters(this.#spec),
      { ranges, ...this.#plain },
      { count: shape.groups },
    );
    const settling = { weight, found: this.found, blocks, ...this.#parts };
    batch.dispatch(settleKernel(this.#spec), settling, { ...shape, zero: 0 });
  }

  /** - `bytes` — of `output`, which has been filled */
  results(bytes: ArrayBuffer): TileResults {
    const { kept, errors, codes } = this.#parts;
    return {
      kept: new Uint32Array(bytes, kept.offset, kept.size / 4),
      errors: new Float32Array(bytes, errors.offset, errors.size / 4),
      codes: new Uint8Array(bytes, codes.offset, codes.size),
    };
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#owned) buffer.destroy();
  }
}
