/**
 * Some channels of a layer on their way through SparseGPT, side by side on the device: a product with
 * the factor and one kernel a block of 32 columns. Scores of 128 columns are ranked on this thread.
 */
import { assert } from '../core/assert.ts';
import { type PruneSpec, prunedOfAll, SPARSEGPT_BLOCK } from '../core/prune-spec.ts';
import type { Batch, BufferSlice } from '../gpu/batch.ts';
import { DeviceBuffers } from '../gpu/device-buffers.ts';
import type { Gpu, OwnedBuffer } from '../gpu/gpu.ts';
import { FEEDBACK_SIDE } from '../kernels/feedback-block.ts';
import type { matmul } from '../kernels/matmul.ts';
import { pruneBlock } from '../kernels/prune-block.ts';
import { pruneScores } from '../kernels/prune-scores.ts';
import type { FeedbackResult } from '../reference/feedback.ts';
import { correctBlock, panelPart } from './correct-block.ts';
import { channelsBeside, rowsOfChannels, strideOf } from './feedback-layouts.ts';
import type { PanelPlace } from './feedback-panels.ts';
import { markSmallest } from './mark-smallest.ts';

/** Of 32 columns, that free pruning compares together. */
export const BLOCKS = SPARSEGPT_BLOCK / FEEDBACK_SIDE;
/** What goes is marked before. */
const MARKED = { keep: 0, groupSize: 0 };

interface Panels {
  readonly panel: OwnedBuffer;
  readonly blocks: readonly PanelPlace[];
}

/** Kernels are prepared; methods throw device-lost, out-of-memory, gpu-failed. */
export class PrunedChannels implements Disposable {
  readonly #gpu: Gpu;
  readonly #product: ReturnType<typeof matmul>;
  readonly #panels: Panels;
  readonly #N: number;
  readonly #K: number;
  readonly #stride: number;
  readonly #buffers: DeviceBuffers;
  readonly #owned: OwnedBuffer[] = [];
  readonly #weight: OwnedBuffer;
  readonly #corrected: OwnedBuffer;
  readonly #scores: OwnedBuffer;
  readonly #errors: OwnedBuffer;
  readonly #marks: OwnedBuffer;
  readonly #losses: OwnedBuffer;

  constructor(gpu: Gpu, product: ReturnType<typeof matmul>, panels: Panels, N: number, K: number) {
    this.#gpu = gpu;
    this.#product = product;
    this.#panels = panels;
    this.#N = N;
    this.#K = K;
    this.#stride = strideOf(N);
    this.#buffers = new DeviceBuffers(gpu, 'prune');
    const columns = (label: string, count: number): OwnedBuffer => {
      const buffer = this.#buffers.empty(label, 4 * count * this.#stride);
      this.#owned.push(buffer);
      return buffer;
    };
    try {
      this.#weight = columns('weight', K);
      this.#corrected = columns('corrected', SPARSEGPT_BLOCK);
      this.#scores = columns('scores', SPARSEGPT_BLOCK);
      this.#errors = columns('errors', K);
      this.#marks = columns('marks', K);
      this.#losses = columns('losses', 1);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** - `rows` — float32 [N, K] */
  load(rows: Float32Array): void {
    const beside = channelsBeside(rows, this.#N, this.#K, this.#stride);
    this.#gpu.device.queue.writeBuffer(this.#weight, 0, beside);
  }

  /** Marks what goes of the four blocks from `block` on. */
  async chooseFree(block: number, sparsity: number): Promise<void> {
    const stride = this.#stride;
    const places = this.#panels.blocks.slice(block, block + BLOCKS);
    const first = block * FEEDBACK_SIDE;
    const width = Math.min(SPARSEGPT_BLOCK, this.#K - first);
    for (const [i, place] of places.entries()) {
      const batch = this.#gpu.batch('prune/correct');
      this.#correct(batch, place, first, i * FEEDBACK_SIDE);
      batch.submit();
    }
    const batch = this.#gpu.batch('prune/scores');
    batch.dispatch(
      pruneScores,
      {
        ...{ corrected: this.#corrected, weight: this.#weight, scores: this.#scores },
        panels: partOf(this.#panels.panel, places),
      },
      { first, width, stride },
    );
    batch.submit();
    const chosen = await this.#buffers.read(this.#scores, (found) => {
      const scores = new Float32Array(found, 0, width * stride);
      return marksOf(scores, this.#N, prunedOfAll(this.#N * width, sparsity));
    });
    this.#gpu.device.queue.writeBuffer(this.#marks, 4 * first * stride, chosen);
  }

  /** The four blocks from `block` on. */
  async settle(block: number, prune: PruneSpec): Promise<void> {
    const rule = prune.kind === 'n-of-m' ? { keep: prune.n, groupSize: prune.m } : MARKED;
    for (const place of this.#panels.blocks.slice(block, block + BLOCKS)) {
      const { first, width } = place;
      const batch = this.#gpu.batch('prune/settle');
      this.#correct(batch, place, first, 0);
      const own = panelPart(this.#panels.panel, place);
      batch.dispatch(
        pruneBlock,
        {
          ...{ corrected: this.#corrected, weight: this.#weight, panel: own },
          ...{ marks: this.#marks, errors: this.#errors, losses: this.#losses },
        },
        { first, width, stride: this.#stride, ...rule },
      );
      batch.submit();
    }
    await this.#gpu.guard(this.#gpu.device.queue.onSubmittedWorkDone());
  }

  /** Into arrays [N, K], [N, K] and [N]. */
  async read(into: Pick<FeedbackResult, 'errors' | 'goes' | 'losses'>): Promise<void> {
    const stride = this.#stride;
    await this.#buffers.read(this.#errors, (found) =>
      rowsOfChannels(new Float32Array(found), into.errors, stride),
    );
    await this.#buffers.read(this.#marks, (found) =>
      rowsOfChannels(new Uint32Array(found), into.goes, stride),
    );
    await this.#buffers.read(this.#losses, (found) =>
      into.losses.set(new Float32Array(found, 0, this.#N)),
    );
  }

  [Symbol.dispose](): void {
    for (const buffer of this.#owned) buffer.destroy();
  }

  #correct(batch: Batch, place: PanelPlace, settled: number, at: number): void {
    const walk = {
      ...{ panel: this.#panels.panel, weight: this.#weight, errors: this.#errors },
      ...{ corrected: this.#corrected, stride: this.#stride },
    };
    correctBlock(batch, this.#product, walk, place, settled, at);
  }
}

function partOf(buffer: OwnedBuffer, places: readonly PanelPlace[]): BufferSlice {
  const [first] = places;
  assert(first, 'there are blocks');
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
