import type { Batch, BufferSlice } from '../gpu/batch.ts';
import { FEEDBACK_SIDE } from '../kernels/feedback-block.ts';
import type { matmul } from '../kernels/matmul.ts';
import type { PanelPlace } from './feedback-panels.ts';

/** Of a walk, channels side by side, `stride` apart from column to column. */
export interface WalkBuffers {
  /** Of `panelsOf`. */
  readonly panel: GPUBuffer;
  /** f32 [K, stride] */
  readonly weight: GPUBuffer;
  /** f32 [K, stride] */
  readonly errors: GPUBuffer;
  /** f32 [columns, stride] */
  readonly corrected: GPUBuffer;
  readonly stride: number;
}

export const panelPart = (panel: GPUBuffer, { offset, byteLength }: PanelPlace): BufferSlice => ({
  buffer: panel,
  offset,
  size: byteLength,
});

/**
 * Writes a block's weights with what the columns before `settled` lost made up for, from column `at` of
 * `corrected` on.
 * - `product` — of the transposition TN, prepared
 */
export function correctBlock(
  batch: Batch,
  product: ReturnType<typeof matmul>,
  { panel, weight, errors, corrected, stride }: WalkBuffers,
  place: PanelPlace,
  settled: number,
  at = 0,
): void {
  const { first, width } = place;
  const size = 4 * width * stride;
  const to: BufferSlice = { buffer: corrected, offset: 4 * at * stride, size };
  batch.copy({ buffer: weight, offset: 4 * first * stride, size }, corrected, to.offset);
  if (settled === 0) return;
  batch.dispatch(
    product,
    { a: panelPart(panel, place), b: errors, c: to },
    {
      ...{ M: width, N: stride, K: settled, accumulate: 1 },
      ...{ aStride: FEEDBACK_SIDE, bStride: stride, cStride: stride },
    },
  );
}
