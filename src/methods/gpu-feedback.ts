/**
 * Error feedback on the GPU: a product with the factor and one kernel a block of 32 columns, with
 * channels side by side.
 */
import { DeviceBuffers } from '../gpu/device-buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { FEEDBACK_SIDE, feedbackBlock } from '../kernels/feedback-block.ts';
import { type MatmulVariant, matmul } from '../kernels/matmul.ts';
import type { FeedbackResult, FeedbackTask, Grid } from '../reference/feedback.ts';
import type { UpperFactor } from '../reference/upper-factor.ts';
import { correctBlock, panelPart } from './correct-block.ts';
import { FactorLosses } from './factor-losses.ts';
import { CpuFeedback, type FeedbackDevice } from './feedback-device.ts';
import { channelsBeside, pruneWords, rowsOfChannels, strideOf } from './feedback-layouts.ts';
import { panelsOf } from './feedback-panels.ts';
import { channelsAtOnce, prunedWalk } from './gpu-prune-walk.ts';

/** Blocks that are submitted together: some milliseconds of work. */
const BLOCKS_A_BATCH = 8;

export class GpuFeedback implements FeedbackDevice {
  readonly #gpu: Gpu;
  readonly #buffers: DeviceBuffers;
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
    this.#buffers = new DeviceBuffers(gpu, 'feedback');
    this.#variant = variant;
  }

  async settle(task: FeedbackTask, signal: AbortSignal): Promise<FeedbackResult> {
    const { N, factor, weight, grid, goes, prune } = task;
    const { K } = factor;
    if (prune && !grid && !goes && channelsAtOnce(prune, N, K, this.#maxBytes) > 0) {
      return prunedWalk(this.#gpu, await this.#variant(), task, prune, this.#maxBytes, signal);
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
    using corrected = this.#buffers.empty('corrected', 4 * FEEDBACK_SIDE * stride);
    using errors = this.#buffers.empty('errors', 4 * K * stride);
    using codes = this.#buffers.empty('codes', 4 * K * stride);
    using losses = this.#buffers.empty('losses', 4 * stride);

    const walk = { panel, weight: weights, errors, corrected, stride };
    for (let from = 0; from < panels.blocks.length; from += BLOCKS_A_BATCH) {
      signal.throwIfAborted();
      const batch = this.#gpu.batch('feedback');
      for (const place of panels.blocks.slice(from, from + BLOCKS_A_BATCH)) {
        const { first, width } = place;
        const own = panelPart(panel, place);
        correctBlock(batch, product, walk, place, first);
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
    using found = new FactorLosses(this.#gpu, await this.#variant(), factor, this.#maxBytes);
    return await found.of(errors, N, signal);
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
