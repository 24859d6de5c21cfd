import type { StageProgress } from '../bridge/stage-progress.ts';

export type Phase =
  | 'load'
  | 'analyse'
  | 'keep'
  | 'compress'
  | 'seal'
  | 'measure-baseline'
  | 'measure'
  | 'profile';

export interface StageRecord extends StageProgress {
  readonly phase: Phase;
  /** When its first message came, in milliseconds of the page's clock. */
  readonly began: number;
}
