/** The engine's calls by which a recipe becomes a file. */
import type { Backend } from '../core/backend.ts';
import type { FoundRank } from '../core/factorize-spec.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Phase, WeightRow } from '../report/report.ts';
import type { DroppedFile } from './opened.ts';
import type { StageProgress } from './stage-progress.ts';

export interface CompressProgress extends StageProgress {
  /** Weights finished since the last message. */
  readonly finished: readonly WeightRow[];
  /** Told once, in the middle of a job that goes on: "the disk is full". */
  readonly notice?: string;
}

/** What computes: the GPU, or the reference on the CPU. */
export type ExecutorKind = 'gpu' | 'cpu';

export interface CompressOptions {
  readonly executor: ExecutorKind;
  /** Weights that an earlier call with this id finished are not computed again. */
  readonly jobId: string;
}

/** What values decide of a plan, by the names of weights. */
export interface Analysed {
  /** 0 where no rank serves. */
  readonly ranks: readonly (readonly [weight: string, rank: FoundRank])[];
  /** What cuts leave of weights whose layers share what goes. */
  readonly cutDims: readonly (readonly [weight: string, dims: readonly number[]])[];
  /** Weights that could not be analysed, with the reason. */
  readonly failed: readonly (readonly [weight: string, reason: string])[];
  /** Blocks that are dropped, from 0. */
  readonly blocks: readonly number[];
}

export interface CpuEstimate {
  /** For the weights that are not finished yet; measured on this device. */
  readonly durationMs: number;
}

export interface SpeedForecast {
  readonly message: string;
  readonly backend: Backend;
}

export interface Compressed {
  readonly files: readonly DroppedFile[];
  readonly byteLength: number;
  readonly weights: readonly WeightRow[];
  readonly phases: readonly Phase[];
  readonly device: string;
  readonly software: boolean;
  readonly warnings: readonly string[];
  /** Those of them that forecast the speed on a backend; absent for none. */
  readonly forecasts?: readonly SpeedForecast[];
  readonly partial: boolean;
  /** Most bytes of our own GPU buffers at once; null if the CPU computed or the GPU was lost. */
  readonly peakBufferBytes: number | null;
}

/** What a compression that is not over has stored of one weight. */
export interface FinishedWeight {
  /** By what the writer would ask for them by. */
  readonly payloads: readonly (readonly [key: string, bytes: Blob])[];
  /** What the plan that they belong to depends on, as of a run that is over. */
  readonly failed: readonly string[];
  readonly ranks: readonly (readonly [weight: string, rank: FoundRank])[];
  readonly cutDims: Analysed['cutDims'];
  readonly dropped: readonly string[];
}

export interface CompressCalls {
  /** Throws device-lost after the second loss: what is finished by then stays for the next call. */
  compress: {
    args: [modelId: string, recipe: Recipe, options: CompressOptions];
    result: Compressed;
    progress: CompressProgress;
  };
  /**
   * Finds what the plan of `recipe` leaves to the values. A `compress` with the same recipe and job
   * does not find it again. Throws as `compress` does.
   */
  analyse: {
    args: [modelId: string, recipe: Recipe, options: CompressOptions];
    result: Analysed;
    progress: CompressProgress;
  };
  /** How long the CPU takes for what is left of a job. */
  estimateCpu: {
    args: [modelId: string, recipe: Recipe, jobId: string];
    result: CpuEstimate;
    progress: never;
  };
  /**
   * What `compress` has stored of a weight so far, also after it threw; null if that is not known.
   * Answered while it works, without any work: bytes cross as handles.
   */
  finishedWeight: {
    args: [jobId: string, weight: string];
    result: FinishedWeight | null;
    progress: never;
  };
  /** The job has ended, whatever its end: its finished weights go. */
  settle: { args: [jobId: string]; result: null; progress: never };
}
