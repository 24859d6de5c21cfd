/** What it takes to compress a weight, and what that comes to. */
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import type { Executor } from '../methods/executor.ts';
import type { Factors } from '../methods/factorize.ts';
import type { Selection } from '../methods/magnitude.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import type { Model } from '../model/model.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { Calibrated } from './calibration.ts';
import type { Bytes } from './store-part.ts';
import type { WeightScaling } from './weight-scaling.ts';
import { sourceOf } from './weight-source.ts';

/** What a weight comes to. */
export interface CompressedWeight {
  /** Payloads by what the writer asks for them by. */
  readonly payloads: ReadonlyMap<string, Bytes>;
  /** Of the weight as the file stores it, against its original values. */
  readonly errors: ErrorStatistics;
  /** What a person should know of how it went; null for nothing. */
  readonly note: string | null;
}

export interface WeightContext {
  readonly executor: Executor;
  readonly model: Model;
  readonly seed: number;
  /** What a selection over many weights leaves of this one; null where none was made. */
  readonly selection: Selection | null;
  /** What is known of its inputs; null where no step asks. */
  readonly calibrated: Calibrated | null;
  /** Scales of its inputs and outputs; null where there are none. */
  readonly scaling: WeightScaling | null;
  /** Factors that were found before; null if there are none. */
  readonly factors: Factors | null;
  readonly signal: AbortSignal;
}

export const originalOf = (
  model: Model,
  { tensor, name }: PlannedWeight['weight'],
): WeightSource => ({
  ...sourceOf(model, tensor),
  name,
});
