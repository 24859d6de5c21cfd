/** What a plan does to one weight: the stages between its values and the tensors that are stored. */

import type { EncodingChoice, EncodingRow, FloatType, OptionFix } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import type { TensorRole } from '../catalog/tensor-layout.ts';
import type { FactorizeSpec, FactorMetric, Split } from '../core/factorize-spec.ts';
import type { PruneMethod, PruneSpec } from '../core/prune-spec.ts';
import type { QuantizeMethod } from '../core/quantize-method.ts';
import type { ResidualSpec } from '../core/residual-spec.ts';
import type { ScalingMethod } from '../core/scaling-method.ts';
import type { TensorSpec } from '../model/edit.ts';
import type { Weight } from '../model/weight.ts';
import type { MatrixView } from './matrix-view.ts';
import type { CutTensor } from './structure/structure.ts';

/**
 * `''` is the weight itself; a factorized weight W [K, N] is A [K, rank] times B [rank, N]. A weight
 * with a residual is `''`, quantized, plus A times B.
 */
export type PartName = '' | 'A' | 'B';

/** A matrix whose encoding is chosen; its values lie as the `MatrixShape` says. */
export interface ChosenPart extends MatrixShape {
  readonly part: PartName;
  /** The row of the encoding table that it stands in. */
  readonly operator: EncodingRow;
  /** The step that chose the encoding; null if no step quantizes it (it stays float). */
  readonly stepIndex: number | null;
  readonly choice: EncodingChoice;
  /** How its codes are found; null where there are none. */
  readonly method: QuantizeMethod | null;
  /** Element type of the float value that an encoding by value gives. */
  readonly valueType: FloatType;
}

/** Whether codes are found by more than the values of their matrix. */
export const looksAtInputs = ({ choice, method }: Pick<ChosenPart, 'choice' | 'method'>): boolean =>
  method?.kind === 'awq' ||
  method?.kind === 'gptq' ||
  (choice.kind === 'codebook' && choice.byInputs);

/** A part before its encoding is chosen. */
export type BarePart = Omit<ChosenPart, 'stepIndex' | 'choice' | 'method'>;

/** A matrix that is stored under one encoding. */
export interface PlannedPart extends ChosenPart {
  /**
   * Stored tensors by role, named as in the output; their payloads come from the methods and are
   * given to the writer by `payloadKey`.
   */
  readonly tensors: Readonly<Partial<Record<TensorRole, TensorSpec>>>;
}

/** A spec with the step that asked for it. */
export interface Stage<Spec> {
  readonly stepIndex: number;
  readonly spec: Spec;
}

/** What goes, and how that is found. */
export interface Pruning extends Stage<PruneSpec> {
  readonly method: PruneMethod;
}

export interface PruneStage extends Pruning {
  /** Why its zeros are stored like other values; null: they are left out of the file. */
  readonly stored: StoredZeros | null;
}

export interface StoredZeros {
  readonly reason: string;
  readonly fix?: OptionFix;
}

export interface ChosenWeight {
  readonly weight: Weight;
  /** The weight as one matrix; how the tensor's axes give it. */
  readonly view: MatrixView;
  /** How it was cut before anything else; null if it has the shape that it had. */
  readonly cut: CutTensor | null;
  /** Scales of its input's channels; which weights get them depends on who else reads the input. */
  readonly scaling: Stage<ScalingMethod> | null;
  readonly prune: PruneStage | null;
  readonly factorize: FactorizeStage | null;
  readonly residual: Stage<ResidualSpec> | null;
  readonly parts: readonly ChosenPart[];
  /** Why steps that select it are not done, or not wholly. */
  readonly undone: readonly string[];
}

/** Stages act in the order cut, scale, prune, factorize, encode, residual. */
export interface PlannedWeight extends ChosenWeight {
  /** One part, or A and B, or all three. */
  readonly parts: readonly PlannedPart[];
  /** Of the plan's scalings the one whose scales multiply its input channels. */
  readonly inputScaling: string | null;
  /** The one whose scales divide its output channels. */
  readonly outputScaling: string | null;
}

export interface FactorizeStage extends Stage<FactorizeSpec> {
  readonly metric: FactorMetric;
  /** The budget is one for all weights of the step, not for each. */
  readonly shared: boolean;
  readonly split: Split;
  /** Of these the one that errs less is to be found. */
  readonly splits: readonly Split[];
  readonly rank: number;
  /**
   * False: the rank depends on values and `rank` is the largest that it can be, so that the plan's
   * size is an upper bound; planning again with the rank found is exact. Until then the parts are
   * the larger of the factors and the weight itself, which stays whole if no rank serves.
   */
  readonly exact: boolean;
}

/**
 * Which part each factor of the matrix as it lies, [rows, columns] ≈ first · second, is. A product
 * of a weight [N, K] has the transposed factors in the other order; a lookup takes the rows of A
 * and multiplies them by B, so its A is the factor that counts rows.
 */
export const factorOrder = ({
  operator,
  transposed,
}: MatrixView): readonly ['A', 'B'] | readonly ['B', 'A'] =>
  transposed === (operator === 'Gather') ? ['A', 'B'] : ['B', 'A'];
