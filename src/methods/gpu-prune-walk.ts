/**
 * SparseGPT's walk on the GPU: a product with the factor and one kernel a block of 32 columns. Free
 * pruning compares all channels of 128 columns: their scores are ranked on this thread.
 */
import { assert } from '../core/assert.ts';
import { type PruneSpec, prunedOfAll, SPARSEGPT_BLOCK } from '../core/prune-spec.ts';
import type { Batch, BufferSlice } from '../gpu/batch.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { FEEDBACK_SIDE } from '../kernels/feedback-block.ts';
import { type MatmulVariant, matmul } from '../kernels/matmul.ts';
import { pruneBlock } from '../kernels/prune-block.ts';
import { pruneScores } from '../kernels/prune-scores.ts';
import type { FeedbackResult, FeedbackTask } from '../reference/feedback.ts';
import { FeedbackBuffers, strideOf } from './feedback-buffers.ts';
import { channelsBeside, rowsOfChannels } from './feedback-layouts.ts';
import { type PanelPlace, panelsOf } from './feedback-panels.ts';
import { markSmallest } from './mark-smallest.ts';

/** Whether groups of m lie within the blocks of the kernel. */
export const fitsBlocks = (spec: PruneSpec): boolean =>
  spec.kind === 'unstructured' || FEEDBACK_SIDE % spec.m === 0;

/** - `task` — without levels, and of nothing that is marked before. @throws as `FeedbackDevice` */
export async function prunedWalk(
  gpu: Gpu,
  variant: MatmulVariant,
  { N, factor, weight, grid, goes }: FeedbackTask,
  prune: PruneSpec,
  signal: AbortSignal,
): Promise<FeedbackResult> {
  assert(!grid && !goes && fitsBlocks(prune), 'pruning alone, in groups that fit');
  const { K } = factor;
  const stride = strideOf(N);
  const buffers = new FeedbackBuffers(gpu);
  const product = matmul(variant, 'TN');
  await Promise.all([product, pruneBlock, pruneScores].map((kernel) => gpu.prepare(kernel)));
  const panels = panelsOf(factor, { blockOf: new Uint32Array(K) });
  using panel = buffers.uploaded('panels', panels.values);
  using weights = buffers.uploaded('weights', channelsBeside(weight, N, K, stride));
  using corrected = buffers.empty('corrected', SPARSEGPT_BLOCK * stride);
  using scores = buffers.empty('scores', SPARSEGPT_BLOCK * stride);
  using errors = buffers.empty('errors', K * stride);
  using marks = buffers.empty('marks', K * stride);
  using losses = buffers.empty('losses', stride);
  const rule = prune.kind === 'n-of-m' ? { keep: prune.n, groupSize: prune.m } : UNCHOSEN;

  /** Column `first` to `first + width`, with what those before `settled` lost made up for. */
  const correct = (batch: Batch, place: PanelPlace, settled: number, row: number) => {
    const { first, width } = place;
    const to: BufferSlice = {
      buffer: corrected,
      offset: 4 * row * stride,
      size: 4 * width * stride,
    };
    batch.copy(
      { buffer: weights, offset: 4 * first * stride, size: to.size },
      corrected,
      to.offset,
    );
    if (settled === 0) return;
    const own = { buffer: panel, offset: place.offset, size: place.byteLength };
    const sides = { M: width, N: stride, K: settled, accumulate: 1 };
    const strides = { aStride: FEEDBACK_SIDE, bStride: stride, cStride: stride };
    batch.dispatch(product, { a: own, b: errors, c: to }, { ...sides, ...strides });
  };

  for (let from = 0; from < panels.blocks.length; from += BLOCKS) {
    signal.throwIfAborted();
    const places = panels.blocks.slice(from, from + BLOCKS);
    const first = from * FEEDBACK_SIDE;
    if (prune.kind === 'unstructured') {
      const width = Math.min(SPARSEGPT_BLOCK, K - first);
      const batch = gpu.batch('prune scores');
      for (const [i, place] of places.entries()) correct(batch, place, first, i * FEEDBACK_SIDE);
      const own = partOf(panel, places);
      const asked = { corrected, weight: weights, panels: own, scores };
      batch.dispatch(pruneScores, asked, { first, width, stride });
      batch.submit();
      const chosen = await buffers.read(scores, (found) =>
        marksOf(
          new Float32Array(found, 0, width * stride),
          N,
          prunedOfAll(N * width, prune.sparsity),
        ),
      );
      gpu.device.queue.writeBuffer(marks, 4 * first * stride, chosen);
    }
    const batch = gpu.batch('prune');
    for (const place of places) {
      correct(batch, place, place.first, 0);
      const own = { buffer: panel, offset: place.offset, size: place.byteLength };
      batch.dispatch(
        pruneBlock,
        { corrected, weight: weights, panel: own, marks, errors, losses },
        { first: place.first, width: place.width, stride, ...rule },
      );
    }
    batch.submit();
    await gpu.guard(gpu.device.queue.onSubmittedWorkDone());
  }
  signal.throwIfAborted();
  return {
    codes: new Uint8Array(N * K),
    errors: await buffers.read(errors, (found) =>
      rowsOfChannels(new Float32Array(found), new Float32Array(N * K), stride),
    ),
    goes: await buffers.read(marks, (found) =>
      rowsOfChannels(new Uint32Array(found), new Uint8Array(N * K), stride),
    ),
    losses: await buffers.read(losses, (found) => Float64Array.from(new Float32Array(found, 0, N))),
  };
}

const BLOCKS = SPARSEGPT_BLOCK / FEEDBACK_SIDE;
const UNCHOSEN = { keep: 0, groupSize: 0 };

function partOf(buffer: OwnedBuffer, places: readonly PanelPlace[]): BufferSlice {
  const [first] = places;
  assert(first, 'a panel has blocks');
  const size = places.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { buffer, offset: first.offset, size };
}

/**
 * 1 where one of the `count` least scores lies; equal ones by column, then by channel.
 * - `scores` — [columns, stride], of which N channels count
 */
function marksOf(scores: Float32Array, N: number, count: number): Uint32Array<ArrayBuffer> {
  const stride = strideOf(N);
  const counting = scores.slice();
  for (let row = 0; row < counting.length; row += stride) {
    counting.fill(Number.POSITIVE_INFINITY, row + N, row + stride);
  }
  const marks = new Uint8Array(counting.length);
  markSmallest(counting, count, marks);
  return Uint32Array.from(marks);
}
