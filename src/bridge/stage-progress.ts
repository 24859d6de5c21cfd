import type { Backend } from '../core/backend.ts';

/** Progress of a long job; also what the stages table shows. */
export interface StageProgress {
  readonly stage:
    | 'read'
    | 'calibrate'
    | 'reshape'
    | 'analyse'
    | 'compress'
    | 'write'
    | 'session'
    | 'truth'
    | 'latency'
    | 'accuracy'
    | 'operators';
  /** Step index while analysing and compressing, the backend while measuring. */
  readonly step?: number;
  readonly backend?: Backend;
  readonly done: number;
  readonly total: number;
  /** What is worked on: the weight's label, "row 120". */
  readonly current: string;
  readonly elapsedMs: number;
  /** Of the step alone, where steps take turns; the other figures are of all of them. */
  readonly ofStep?: { readonly done: number; readonly total: number; readonly elapsedMs: number };
  /** null until there is a basis for an estimate. */
  readonly remainingMs: number | null;
}
