/** What the page knows of a dry run. */
import type { RecipeFix } from '../recipe/fix.ts';

export interface PlannedWeightSummary {
  readonly name: string;
  /** Index into the recipe's steps; null if the weight is left alone. */
  readonly step: number | null;
  /** Every step that acts on it, in acting order, where that is more than `step`. */
  readonly steps?: readonly number[];
  /** "int4·32", "int8·channel", "fp32". */
  readonly encodingLabel: string;
  readonly bits: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Why it is left alone; null if a step takes it. */
  readonly reason: string | null;
}

/** Every step that acts on the weight, in acting order; empty if it is left alone. */
export const stepsOf = ({
  step,
  steps = step === null ? [] : [step],
}: PlannedWeightSummary): readonly number[] => steps;

export interface PlanWarning {
  /** Index into the recipe's steps; null if it belongs to no single one. */
  readonly step: number | null;
  readonly message: string;
  /** What would mend it, where one edit does. */
  readonly fix?: RecipeFix;
}

/** What a step does to the bytes of the weights that it takes. */
export interface StepSummary {
  readonly weightCount: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** What the work on weights is divided into. */
export type WorkStage = 'reshape' | 'calibrate' | 'analyse' | 'compress';

/** A stage that Compress will come to. */
export interface PlannedStage {
  readonly stage: WorkStage;
  /** The steps it is of, as indices; empty where it is for all. */
  readonly steps: readonly number[];
  /** Weights that it takes; null where it counts something else. */
  readonly weightCount: number | null;
  /** Of the weights that it takes: its work grows with them. */
  readonly elementCount: number;
}

export interface PlanSummary {
  /** Bytes of the file that Compress will write. */
  readonly byteLength: number;
  /** False: `byteLength` is an upper bound ("at most"). */
  readonly exact: boolean;
  readonly weights: readonly PlannedWeightSummary[];
  readonly steps: readonly StepSummary[];
  /** In the order in which Compress comes to them. */
  readonly stages: readonly PlannedStage[];
  readonly leftAlone: readonly {
    readonly reason: string;
    readonly weightCount: number;
    readonly byteLength: number;
  }[];
  /** Parts of the readout's bar, in order: "int8 11.9", "scales 2.8", "rest 0.2". */
  readonly breakdown: readonly {
    readonly label: string;
    /** 1 to 16 colour by bits; 0 is scales, 32 the rest. */
    readonly bits: number;
    readonly byteLength: number;
  }[];
  readonly warnings: readonly PlanWarning[];
}
