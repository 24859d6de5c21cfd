/**
 * Error feedback on the GPU: a product with the factor and one kernel a block of 32 columns, with
 * channels side by side.
 */
import type { BufferSlice } from '../gpu/batch.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { FEEDBACK_SIDE, feedbackBlock } from '../kernels/feedback-block.ts';
import { feedbackLosses } from '../kernels/feedback-losses.ts';
import { type MatmulVariant, matmul } from '../kernels/matmul.ts';
import type { FeedbackResult, FeedbackTask, Grid } from '../reference/feedback.ts';
import type { UpperFactor } from '../reference/upper-factor.ts';
import { FeedbackBuffers, strideOf, strideWithin } from './feedback-buffers.ts';
import { CpuFeedback, type FeedbackDevice } from './feedback-device.ts';
import { channelsBeside, pruneWords, rowsOfChannels } from './feedback-layouts.ts';
import { panelsOf } from './feedback-panels.ts';
import { fitsBlocks, prunedWalk } from './gpu-prune-walk.ts';

/** Blocks that are submitted together: some milliseconds of work. */
const BLOCKS_A_BATCH = 8;

export class GpuFeedback implements FeedbackDevice {
  readonly #gpu: Gpu;
  readonly #buffers: FeedbackBuffers;
  readonly #variant: () => Promise<MatmulVariant>;
  readonly #maxBytes: number;
  readonly #cpu = new CpuFeedback();

  /** - `maxBytes` — of one matrix; by default what the device binds */
  constructor(
    gpu: Gpu,
    variant: () => Promise<MatmulVariant>,
    maxBytes = gpu.device.limits.maxStorageBufferBindingSize,
  ) {
    this.#maxBytes = maxBytes;
    this.#gpu = gpu;
    this.#buffers = new FeedbackBuffers(gpu);
    this.#variant = variant;
  }

  async settle(task: FeedbackTask, signal: AbortSignal): Promise<FeedbackResult> {
    const { N, factor, weight, grid, goes, prune } = task;
    const { K } = factor;
    // Free pruning needs all channels at once, in one binding.
    if (prune && !grid && !goes && fitsBlocks(prune) && N <= this.#channelsAtOnce(K)) {
      return prunedWalk(this.#gpu, await this.#variant(), task, prune, signal);
    }
    // No method asks for the other pairs.
    if (!grid || prune) return this.#cpu.settle(task, signal);
    const stride = strideOf(N);
    const product = matmul(await this.#variant(), 'TN');
    const kernel = feedbackBlock(grid.rule.bits);
    await Promise.all([this.#gpu.prepare(product), this.#gpu.prepare(kernel)]);
    const panels = panelsOf(factor, grid);
    using panel = this.#buffers.uploaded('panels', panels.values);
    using weights = this.#buffers.uploaded('weights', channelsBeside(weight, N, K, stride));
    using levels = this.#buffers.uploaded('levels', levelsOf(grid, N, stride));
    using marks = this.#buffers.uploaded('goes', pruneWords(goes, N, K, stride));
    using corrected = this.#buffers.empty('corrected', FEEDBACK_SIDE * stride);
    using errors = this.#buffers.empty('errors', K * stride);
    using codes = this.#buffers.empty('codes', K * stride);
    using losses = this.#buffers.empty('losses', stride);

    for (let from = 0; from < panels.blocks.length; from += BLOCKS_A_BATCH) {
      signal.throwIfAborted();
      const batch = this.#gpu.batch('feedback');
      for (const place of panels.blocks.slice(from, from + BLOCKS_A_BATCH)) {
        const { first, width, offset, byteLength } = place;
        const own: BufferSlice = { buffer: panel, offset, size: byteLength };
        const columns = { buffer: weights, offset: 4 * first * stride, size: 4 * width * stride };
        batch.copy(columns, corrected, 0);
        if (first > 0) {
          batch.dispatch(
            product,
            { a: own, b: errors, c: corrected },
            {
              ...{ M: width, N: stride, K: first, accumulate: 1 },
              ...{ aStride: FEEDBACK_SIDE, bStride: stride, cStride: stride },
            },
          );
        }
        batch.dispatch(
          kernel,
          { corrected, weight: weights, panel: own, levels, goes: marks, errors, codes, losses },
          { first, width, stride },
        );
      }
      batch.submit();
      await this.#gpu.guard(this.#gpu.device.queue.onSubmittedWorkDone());
    }
    signal.throwIfAborted();
    return {
      codes: await this.#buffers.read(codes, (found) =>
        rowsOfChannels(new Uint32Array(found), new Uint8Array(N * K), stride),
      ),
      errors: await this.#buffers.read(errors, (found) =>
        rowsOfChannels(new Float32Array(found), new Float32Array(N * K), stride),
      ),
      goes: goes ? new Uint8Array(goes) : new Uint8Array(N * K),
      losses: await this.#buffers.read(losses, (found) =>
        Float64Array.from(new Float32Array(found, 0, N)),
      ),
    };
  }

  async losses(
    errors: Float32Array<ArrayBuffer>,
    N: number,
    factor: UpperFactor,
    signal: AbortSignal,
  ): Promise<Float64Array<ArrayBuffer>> {
    const { K } = factor;
    const step = this.#channelsAtOnce(K);
    const losses = new Float64Array(N);
    for (let first = 0; first < N; first += step) {
      const rows = Math.min(step, N - first);
      const own = errors.subarray(first * K, (first + rows) * K);
      losses.set(await this.#lossesOf(own, rows, factor, signal), first);
    }
    return losses;
  }

  #channelsAtOnce(K: number): number {
    return strideWithin(this.#maxBytes / 4 / K);
  }

  async #lossesOf(
    errors: Float32Array<ArrayBuffer>,
    N: number,
    factor: UpperFactor,
    signal: AbortSignal,
  ): Promise<Float64Array<ArrayBuffer>> {
    const { K, upper, diagonal } = factor;
    const stride = strideOf(N);
    const product = matmul(await this.#variant(), 'TN');
    await Promise.all([this.#gpu.prepare(product), this.#gpu.prepare(feedbackLosses)]);
    const wide = 4 * Math.ceil(K / 4);
    using own = this.#buffers.uploaded('errors', channelsBeside(errors, N, K, stride));
    using m = this.#buffers.uploaded('factor', widened(upper, K, wide));
    using d = this.#buffers.uploaded('diagonal', Float32Array.from(diagonal));
    using spread = this.#buffers.empty('spread', K * stride);
    using losses = this.#buffers.empty('losses', stride);
    signal.throwIfAborted();
    const batch = this.#gpu.batch('feedback-losses');
    batch.copy({ buffer: own, offset: 0, size: 4 * K * stride }, spread, 0);
    batch.dispatch(
      product,
      { a: m, b: own, c: spread },
      {
        ...{ M: K, N: stride, K, accumulate: 1 },
        ...{ aStride: wide, bStride: stride, cStride: stride },
      },
    );
    batch.dispatch(feedbackLosses, { spread, diagonal: d, losses }, { K, stride });
    batch.submit();
    return this.#buffers.read(losses, (found) => Float64Array.from(new Float32Array(found, 0, N)));
  }
}

/** f32 [blocks, stride, 2] */
function levelsOf(
  { scales, zeroPoints, blockCount }: Grid,
  N: number,
  stride: number,
): Float32Array<ArrayBuffer> {
  const levels = new Float32Array(2 * blockCount * stride);
  for (let n = 0, from = 0; n < N; n++) {
    for (let block = 0; block < blockCount; block++, from++) {
      const to = 2 * (block * stride + n);
      levels[to] = scales[from] as number;
      levels[to + 1] = zeroPoints[from] as number;
    }
  }
  return levels;
}

/** Rows `wide` elements apart. */
function widened(values: Float32Array<ArrayBuffer>, K: number, wide: number) {
  if (wide === K) return values;
  const spread = new Float32Array(K * wide);
  for (let row = 0; row < K; row++) spread.set(values.subarray(row * K, (row + 1) * K), row * wide);
  return spread;
}
