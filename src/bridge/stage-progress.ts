import type { Backend } from '../core/backend.ts';
import type { WorkStage } from '../report/plan-summary.ts';

export type StageKind =
  | WorkStage
  | 'load'
  | 'write'
  | 'session'
  | 'truth'
  | 'latency'
  | 'placement'
  | 'accuracy'
  | 'operators';

/** Progress of a long job; also what the stages table shows. */
export interface StageProgress {
  readonly stage: StageKind;
  /** Step index while analysing and compressing, the backend while measuring. */
  readonly step?: number;
  readonly backend?: Backend;
  /** The original is worked on, though the job is about a run. */
  readonly ofOriginal?: true;
  readonly done: number;
  readonly total: number;
  /** So many in any case, and then as many of `total` as a time budget allows. */
  readonly least?: number;
  /** What is worked on: the weight's label, "row 120". */
  readonly current: string;
  readonly elapsedMs: number;
  /** What is gone through before the stage's own count goes on. */
  readonly within?: Within;
  /** Weights of all steps, where the other figures are of one. */
  readonly ofAll?: { readonly done: number; readonly total: number };
  /** null until there is a basis for an estimate. */
  readonly remainingMs: number | null;
}

export interface Within {
  /** Rows are run through to calibrate, or through the original to compare with. */
  readonly what: 'calibrate' | 'compare';
  readonly done: number;
  readonly total: number;
}
