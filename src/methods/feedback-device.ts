import {
  type FeedbackResult,
  type FeedbackTask,
  feedback,
  layerLosses,
} from '../reference/feedback.ts';
import type { UpperFactor } from '../reference/upper-factor.ts';
import { drive } from './drive.ts';

/** Where error feedback is walked; both methods throw what the device does, and the signal's reason. */
export interface FeedbackDevice {
  /** Settles every column of every row; see `FeedbackTask`. */
  settle(task: FeedbackTask, signal: AbortSignal): Promise<FeedbackResult>;
  /**
   * float64 [N]: each row's part of tr(E (H + λI) Eᵀ).
   * - `errors` — float32 [N, K], columns in the order of the factor
   */
  losses(
    errors: Float32Array<ArrayBuffer>,
    N: number,
    factor: UpperFactor,
    signal: AbortSignal,
  ): Promise<Float64Array<ArrayBuffer>>;
}

/** The reference on this thread. */
export class CpuFeedback implements FeedbackDevice {
  settle(task: FeedbackTask, signal: AbortSignal): Promise<FeedbackResult> {
    return drive(feedback(task), signal);
  }

  losses(errors: Float32Array<ArrayBuffer>, N: number, factor: UpperFactor, signal: AbortSignal) {
    return drive(layerLosses(errors, N, factor), signal);
  }
}
