/** What a plan does to one weight: the stages between its values and the tensors that are stored. */
import type { TensorRole } from '../catalog/encoding-layout.ts';
import type { EncodingChoice } from '../catalog/encodings.ts';
import type { FactorizeSpec } from '../core/factorize-spec.ts';
import type { PruneSpec } from '../core/prune-spec.ts';
import type { TensorSpec } from '../model/edit.ts';
import type { Weight } from '../model/weight.ts';
import type { MatrixView } from './matrix-view.ts';

/** `''` is the weight itself; a factorized weight W [K, N] is A [K, rank] times B [rank, N]. */
export type PartName = '' | 'A' | 'B';

/** A matrix that is stored under one encoding. */
export interface PlannedPart {
  readonly part: PartName;
  readonly K: number;
  readonly N: number;
  /** Its values lie [N, K] instead of [K, N]. */
  readonly transposed: boolean;
  /** The step that chose the encoding; null if no step quantizes it (it stays float). */
  readonly stepIndex: number | null;
  readonly choice: EncodingChoice;
  /** Stored tensors by role, named as in the output; their payloads come from the methods. */
  readonly tensors: Readonly<Partial<Record<TensorRole, TensorSpec>>>;
}

/** A spec with the step that asked for it. */
export interface Stage<Spec> {
  readonly stepIndex: number;
  readonly spec: Spec;
}

/** Stages act in the order prune, factorize, encode. */
export interface PlannedWeight {
  readonly weight: Weight;
  /** The weight as one matrix; how the tensor's axes give it. */
  readonly view: MatrixView;
  readonly prune: Stage<PruneSpec> | null;
  readonly factorize: FactorizeStage | null;
  /** One part, or A and B. */
  readonly parts: readonly PlannedPart[];
}

export interface FactorizeStage extends Stage<FactorizeSpec> {
  readonly rank: number;
  /**
   * False: the rank depends on values and `rank` is the largest that it can be, so that the plan's
   * size is an upper bound; planning again with the rank found is exact.
   */
  readonly exact: boolean;
}
