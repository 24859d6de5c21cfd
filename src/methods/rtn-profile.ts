import { assert } from '../core/assert.ts';
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { maxTileElements, prepareKernels, RtnDevice } from './rtn-device.ts';
import { tilesOf } from './rtn-tiles.ts';

/** One kernel's mean time on one tile, and what it went through. */
export interface KernelProfile {
  readonly kernel: string;
  readonly durationMs: number;
  /** Weight elements of the tile, also for kernels that read one value a block. */
  readonly elements: number;
  /** Bytes read and written in global memory, by the kernel's layout. */
  readonly bytes: number;
  /** Multiplications and additions, where they are what counts. */
  readonly flop?: number;
}

/** Times each kernel that `spec` needs on a tile of at most `tileBytes` of float32. */
export async function profileKernels(
  gpu: Gpu,
  spec: QuantizeSpec,
  tileBytes: number,
): Promise<readonly KernelProfile[]> {
  const elements = maxTileElements(gpu.device, tileBytes);
  const [tile] = tilesOf('profile', spec, elements);
  assert(tile, 'a weight has a tile');
  await prepareKernels(gpu, spec);
  using device = new RtnDevice(gpu, elements);
  const times = await device.time(spec, tile);
  const size = tile.rows * tile.columns;
  const blocks = tile.columns * tile.blockCount;
  const scaleBytes = spec.scaleType === 'float16' ? 2 : 4;
  const bytes = {
    ranges: 4 * size + 8 * blocks,
    parameters: (8 + 16 + scaleBytes) * blocks,
    codes: 4 * size + 16 * blocks + (size * spec.bits) / 8,
    sums: 16 * blocks,
  };
  return (Object.keys(bytes) as (keyof typeof bytes)[]).map((kernel) => ({
    kernel,
    durationMs: times[kernel],
    elements: size,
    bytes: bytes[kernel],
  }));
}
