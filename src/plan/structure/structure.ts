/** What the steps of a recipe that reshape a model make of it, before any weight is looked at. */
import { type CutSpec, unitStep } from '../../core/cut-spec.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import type { GraphEdit, NodeSpec, TensorSpec } from '../../model/edit.ts';
import type { Tensor } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import type { RemovableGroup } from '../../shapes/removable.ts';

/** Units to remove in one place; which of them is found by their scores. */
export interface PlannedCut {
  readonly stepIndex: number;
  readonly spec: CutSpec;
  readonly group: RemovableGroup;
  /** Units that stay. */
  readonly kept: number;
}

/** A constant that loses indices, or keeps them all and is refitted (a bias). */
export interface CutTensor {
  /** As it was. */
  readonly tensor: Tensor;
  readonly dims: readonly number[];
  /** Its axes that are cut, with the class of tied axes that says which indices go. */
  readonly axes: readonly { readonly axis: number; readonly tied: number }[];
  /** Steps that cut it, in order. */
  readonly steps: readonly number[];
  /** What its payload is given by where no other step stores it. */
  readonly spec: TensorSpec;
}

export interface Structure {
  readonly cuts: readonly PlannedCut[];
  /** By name, in the order of their payloads. */
  readonly tensors: ReadonlyMap<string, CutTensor>;
  /**
   * The model with its new shapes. Payloads of cut tensors are ranges of one file more than the
   * original has, which holds them one after the other; whoever reads them provides it.
   */
  readonly model: OnnxModel;
  /** Of `model`, under the names that they had. */
  readonly weights: readonly Weight[];
  readonly edit: StructureEdit;
}

/** Units that stay of a layer whatever the others lose: an eighth, as losses of more are guesses. */
const LEAST_SHARE = 1 / 8;

/** Units of the cut that stay at least: `kept` unless layers share what goes. */
export function leastKept({ spec, group, kept }: PlannedCut): number {
  if (spec.scope === 'layer') return kept;
  const step = stepOf(group);
  const least = Math.ceil((group.units.length * LEAST_SHARE) / step) * step;
  return Math.min(kept, Math.max(step, least));
}

/** Units of the group that go or stay together. */
export const stepOf = ({ units, kind }: RemovableGroup): number =>
  unitStep(units.length, kind === 'heads');

/**
 * Bytes that a tensor may take more than planned once layers differ: its dimensions are longer
 * numbers, and constants of shapes are shared no more.
 */
const DIMS_HEADROOM = 64;

/** Bytes by which what data decides of a structure may pass its plan. */
export const headroomOf = (structure: Structure | null): number =>
  structure && isShared(structure) ? structure.tensors.size * DIMS_HEADROOM : 0;

/** How many units some layers lose depends on data. */
export const isShared = (structure: Structure | null): boolean =>
  structure?.cuts.some(({ spec }) => spec.scope === 'global') ?? false;

/** Changes of the main graph; what other steps replace as well is theirs. */
export interface StructureEdit {
  readonly nodes: ReadonlyMap<number, NodeSpec>;
  /** Constant nodes by the tensor that they hold. */
  readonly constantNodes: ReadonlyMap<string, number>;
  /** New small constants. */
  readonly added: readonly TensorSpec[];
  readonly reshapedValues: NonNullable<GraphEdit['reshapedValues']>;
}

/** What a step was to cut and does not. */
export interface NotCut {
  readonly stepIndex: number;
  readonly reason: string;
}
