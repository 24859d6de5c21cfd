/**
 * Every call the page can make of its two workers. `engine` owns the GPU device and the runtime; a
 * runtime call blocks it. `desk` opens, plans, hashes and writes, so that it always answers.
 * Plain data only: files cross as `Blob` handles, tensors never do.
 */
import type { FoundRank } from '../core/factorize-spec.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { DataMapping } from '../report/data-mapping.ts';
import type { DeviceSummary } from '../report/device-summary.ts';
import type { DatasetSummary, ModelIdentity } from '../report/model-summary.ts';
import type { PlanSummary } from '../report/plan-summary.ts';
import type { OutputFile } from '../report/report.ts';
import type { Focus, WeightValues } from '../report/weight-values.ts';
import type { Analysed, CompressCalls, FinishedWeight } from './compress-calls.ts';
import type { KeepingCalls } from './keeping-calls.ts';
import type { MeasureCalls } from './measure-calls.ts';
import type { DroppedFile, Opened } from './opened.ts';
import type { Profile } from './profile.ts';
import type { RowCalls } from './row-calls.ts';
import type { TrialCalls } from './trial-calls.ts';

/** A run, as far as the values of one weight are concerned. */
export interface RunOnFile {
  readonly runId: string;
  /** Empty while the run is not over. */
  readonly files: readonly DroppedFile[];
  /** While it is not over: what it has stored of the weight; else null. */
  readonly payloads: FinishedWeight['payloads'] | null;
  readonly recipe: Recipe;
  /** Weights that failed in it. */
  readonly failed: readonly string[];
  /** Ranks that it found, by weight. */
  readonly ranks: readonly (readonly [name: string, rank: FoundRank])[];
  /** What is left of weights that it cut. */
  readonly cutDims: readonly (readonly [name: string, dims: readonly number[]])[];
  /** Weights that went with blocks that it dropped. */
  readonly dropped: readonly string[];
  /** What its report says of the weight; null: nothing was done to it. */
  readonly sqnrDb: number | null;
}

export interface DeskCalls extends KeepingCalls, RowCalls {
  open: { args: [files: readonly DroppedFile[]]; result: Opened; progress: never };
  /** Fetches a built-in sample from this origin and opens it. */
  openSample: { args: [id: string]; result: Opened; progress: never };
  /**
   * Exact bytes of `recipe`, or at most so many where values decide and `analysed` does not say;
   * fast enough to follow a slider.
   */
  plan: {
    args: [modelId: string, recipe: Recipe, analysed?: Analysed | null];
    result: PlanSummary;
    progress: never;
  };
  /** Reads the rows again under `mapping`: another data set, so baselines do not hold any more. */
  remap: {
    args: [modelId: string, mapping: DataMapping | null];
    result: DatasetSummary;
    progress: never;
  };
  identify: { args: [modelId: string]; result: ModelIdentity; progress: never };
  /** Values of a weight: the original's, and those in the files of a run. */
  values: {
    args: [modelId: string, weight: string, run: RunOnFile | null, focus: Focus | null];
    result: WeightValues;
    progress: never;
  };
  /** Length and SHA-256 of each file that the model consists of. */
  hashModel: { args: [modelId: string]; result: readonly OutputFile[]; progress: never };
  /** Length and SHA-256 of each file. */
  hash: { args: [files: readonly DroppedFile[]]; result: readonly OutputFile[]; progress: never };
  /** Bytes of the files after gzip, which is not kept. */
  gzip: { args: [files: readonly DroppedFile[]]; result: number; progress: never };
  /** One file as it is, several as one zip. */
  bundle: { args: [files: readonly DroppedFile[]]; result: Blob; progress: never };
  /** Always a zip, also of one file. */
  zip: { args: [files: readonly DroppedFile[]]; result: Blob; progress: never };
  close: { args: [modelId: string]; result: null; progress: never };
}

export interface EngineCalls extends CompressCalls, MeasureCalls, TrialCalls {
  probe: { args: []; result: DeviceSummary; progress: never };
  /** `mapping`: what the person said about names that do not match; none takes them as they are. */
  open: {
    args: [modelId: string, files: readonly DroppedFile[], mapping?: DataMapping | null];
    result: null;
    progress: never;
  };
  /** Reads the rows again under `mapping`; after the desk's `remap` with the same. */
  remap: { args: [modelId: string, mapping: DataMapping | null]; result: null; progress: never };
  /** Times of a warm compression by phase and kernel. */
  profile: { args: [modelId: string, recipe: Recipe]; result: Profile; progress: never };
  /** Whether the page can be seen: timings of a hidden one are discarded. */
  visible: { args: [visible: boolean]; result: null; progress: never };
  close: { args: [modelId: string]; result: null; progress: never };
}
