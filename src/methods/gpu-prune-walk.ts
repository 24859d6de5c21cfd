/**
 * SparseGPT's walk on the GPU, of as many channels at once as it may: free pruning compares them all.
 */
import { assert } from '../core/assert.ts';
import type { PruneSpec } from '../core/prune-spec.ts';
import { DeviceBuffers } from '../gpu/device-buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { FEEDBACK_SIDE } from '../kernels/feedback-block.ts';
import { type MatmulVariant, matmul } from '../kernels/matmul.ts';
import { pruneBlock } from '../kernels/prune-block.ts';
import { pruneScores } from '../kernels/prune-scores.ts';
import type { FeedbackResult, FeedbackTask } from '../reference/feedback.ts';
import { wholeWithin } from './feedback-layouts.ts';
import { panelsOf } from './feedback-panels.ts';
import { BLOCKS, PrunedChannels } from './pruned-channels.ts';

/** Values of a matrix of which some copies lie on the device: 64 MB each. */
const CHUNK = 2 ** 24;

/**
 * How many of N channels of K inputs are walked together, each of their matrices within `maxBytes`; 0:
 * this walk is not for them. Free pruning compares them all; groups must lie within a kernel's block.
 */
export function channelsAtOnce(spec: PruneSpec, N: number, K: number, maxBytes: number): number {
  const most = wholeWithin(maxBytes / 4 / K);
  if (spec.kind === 'unstructured') return N <= most ? N : 0;
  if (FEEDBACK_SIDE % spec.m !== 0) return 0;
  return Math.min(N, most, wholeWithin(CHUNK / K));
}

/**
 * - `task` — without levels, and of nothing that is marked before
 * - `maxBytes` — of one matrix
 * @throws as `FeedbackDevice`
 */
export async function prunedWalk(
  gpu: Gpu,
  variant: MatmulVariant,
  task: FeedbackTask,
  prune: PruneSpec,
  maxBytes: number,
  signal: AbortSignal,
): Promise<FeedbackResult> {
  const { N, factor, weight, grid, goes } = task;
  const { K } = factor;
  const step = channelsAtOnce(prune, N, K, maxBytes);
  assert(!grid && !goes && step > 0, 'pruning alone, of channels that fit');
  const product = matmul(variant, 'TN');
  await Promise.all([product, pruneBlock, pruneScores].map((kernel) => gpu.prepare(kernel)));
  const panels = panelsOf(factor, { blockOf: new Uint32Array(K) });
  using panel = new DeviceBuffers(gpu, 'prune').uploaded('panels', panels.values);
  const result = {
    ...{ codes: new Uint8Array(N * K), errors: new Float32Array(N * K) },
    ...{ goes: new Uint8Array(N * K), losses: new Float64Array(N) },
  };
  for (let first = 0; first < N; first += step) {
    const rows = Math.min(step, N - first);
    const [start, end] = [first * K, (first + rows) * K];
    using walk = new PrunedChannels(gpu, product, { panel, blocks: panels.blocks }, rows, K);
    walk.load(weight.subarray(start, end));
    for (let block = 0; block < panels.blocks.length; block += BLOCKS) {
      signal.throwIfAborted();
      if (prune.kind === 'unstructured') await walk.chooseFree(block, prune.sparsity);
      await walk.settle(block, prune);
    }
    signal.throwIfAborted();
    await walk.read({
      errors: result.errors.subarray(start, end),
      goes: result.goes.subarray(start, end),
      losses: result.losses.subarray(first, first + rows),
    });
  }
  return result;
}
