/**
 * What computes: the GPU's kernels, or the reference on this thread. Techniques are written once
 * over these primitives. Rounding to nearest, its clip search and pruning by magnitude give the same
 * bytes on both; what is fitted goes by sums whose last bits may differ, and so may what they decide.
 */
import type { QuantizeSpec } from '../core/quantize-spec.ts';
import type { AwqDevice } from './awq-device.ts';
import type { BlockDevice } from './block-device.ts';
import type { FeedbackDevice } from './feedback-device.ts';
import type { MatrixDevice } from './matrix-device.ts';
import type { PruningDevice } from './pruning-device.ts';
import type { QuantizeJob, QuantizeOutcome } from './quantize-job.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Called once a job, in the order of the jobs; what it returns is waited for. */
  readonly onOutcome: (index: number, outcome: QuantizeOutcome) => void | Promise<void>;
  /** Called as parts come back, with the share of the job so far. */
  readonly onProgress?: (index: number, share: number) => void;
}

export interface Executor extends Disposable {
  /** For reports: the adapter's name, or that the CPU computed. */
  readonly name: string;
  /** An adapter in software: its times say nothing about a GPU. */
  readonly software: boolean;
  readonly pruning: PruningDevice;
  readonly feedback: FeedbackDevice;
  readonly blocks: BlockDevice;
  readonly awq: AwqDevice;

  /** Compiles what `specs` need; `quantize` does it too, later. */
  prepare(specs: readonly QuantizeSpec[]): Promise<void>;
  /**
   * Quantizes every job by its spec. A weight that cannot be quantized fails by itself.
   * @throws device-lost, out-of-memory, gpu-failed; the signal's reason when it aborts
   */
  quantize(jobs: readonly QuantizeJob[], options: RunOptions): Promise<void>;
  /** Where matrices are multiplied. @throws device-lost, gpu-failed */
  matrices(): Promise<MatrixDevice>;
}
