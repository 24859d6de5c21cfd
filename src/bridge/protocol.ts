/**
 * Every call the page can make of its two workers. `engine` owns the GPU device and the runtime; a
 * runtime call blocks it. `desk` opens, plans, hashes and writes, so that it always answers.
 * Plain data only: files cross as `Blob` handles, tensors never do.
 */
import type { Backend } from '../core/backend.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { DataMapping } from '../report/data-mapping.ts';
import type { DeviceSummary } from '../report/device-summary.ts';
import type { KeptJob, KeptRun, KeptSession, UnfinishedJob } from '../report/kept.ts';
import type { DatasetSummary, ModelIdentity, ModelSummary } from '../report/model-summary.ts';
import type { OperatorTimes } from '../report/operator-times.ts';
import type { PlanSummary } from '../report/plan-summary.ts';
import type {
  Accuracy,
  BackendMeasurement,
  DatasetUse,
  Fidelity,
  OutputFile,
  Phase,
  RowScores,
  WeightRow,
} from '../report/report.ts';
import type { Focus, WeightValues } from '../report/weight-values.ts';
import type { Profile } from './profile.ts';
import type { RowCalls } from './row-calls.ts';
import type { TrialCalls } from './trial-calls.ts';

/** A dropped or chosen file under its path within the drop. */
export interface DroppedFile {
  readonly path: string;
  readonly blob: Blob;
}

export interface Opened {
  readonly model: ModelSummary;
  readonly dataset: DatasetSummary;
  /** A `*.recipe.json` that was dropped along. */
  readonly recipe: Recipe | null;
  /** The files as the engine must be given them. */
  readonly files: readonly DroppedFile[];
}

/** A finished run, as far as the values of one weight are concerned. */
export interface RunOnFile {
  readonly runId: string;
  readonly files: readonly DroppedFile[];
  readonly recipe: Recipe;
  /** Weights that failed in it. */
  readonly failed: readonly string[];
  /** Ranks that it found, by weight. */
  readonly ranks: readonly (readonly [name: string, rank: number])[];
  /** What its report says of the weight; null: nothing was done to it. */
  readonly sqnrDb: number | null;
}

export interface DeskCalls extends RowCalls {
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

  /** Everything that is kept, newest first; what a crash left behind is removed by the way. */
  sessions: { args: []; result: readonly KeptSession[]; progress: never };
  /** Ends when a tab has left one of these sessions, which were open in another. */
  whenLeft: { args: [sessionIds: readonly string[]]; result: null; progress: never };
  /**
   * Lists an opened model with its companions under what is kept, and holds it for this tab until
   * it is closed. Throws busy if another tab has it open, no-storage, quota.
   */
  keep: {
    args: [modelId: string, files: readonly DroppedFile[]];
    result: Keeping;
    progress: never;
  };
  /** Copies the files of a model that `keep` has listed; false if there is no room for them. */
  keepFiles: { args: [modelId: string]; result: boolean; progress: never };
  /**
   * Opens what was kept. `files` are asked for again where they were not kept (missing-file), and
   * refused by name if they are others (wrong-file).
   */
  restore: {
    args: [sessionId: string, files: readonly DroppedFile[] | null];
    result: Restored;
    progress: never;
  };
  /** Also the budget that was set beside it. */
  keepRecipe: {
    args: [sessionId: string, recipe: Recipe, budgetBytes: number | null];
    result: null;
    progress: never;
  };
  /** Gives false if there was no room for the run's files. */
  keepRun: {
    args: [sessionId: string, run: KeptRun<DroppedFile>];
    result: boolean;
    progress: never;
  };
  /** Deletes a run; its files go when what is kept is listed next, unless something needs them. */
  forgetRun: { args: [sessionId: string, runId: string]; result: null; progress: never };
  /** Remembers a job that could be resumed; null when it has ended. */
  keepJob: { args: [sessionId: string, job: UnfinishedJob | null]; result: null; progress: never };
  /** Drops an unfinished job with its finished weights. Throws busy as `forget` does. */
  discardJob: { args: [sessionId: string]; result: null; progress: never };
  /** Deletes a session with its files, runs and job. Throws busy if another tab has it open. */
  forget: { args: [sessionId: string]; result: null; progress: never };
}

export interface Keeping {
  readonly sessionId: string;
  /** False until they are copied, and if there was no room. */
  readonly filesKept: boolean;
  /** What an earlier visit left unfinished with the same files. */
  readonly job: KeptJob | null;
}

export interface Restored {
  readonly opened: Opened;
  readonly keeping: Keeping;
  /** The recipe that was last in the panel. */
  readonly recipe: Recipe | null;
  readonly budgetBytes: number | null;
  readonly runs: readonly KeptRun<DroppedFile>[];
  /** Runs that another version kept and this one cannot read. */
  readonly unreadableRuns: number;
}

/** Progress of a long job; also what the stages table shows. */
export interface StageProgress {
  readonly stage:
    | 'read'
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
  /** null until there is a basis for an estimate. */
  readonly remainingMs: number | null;
}

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
  readonly ranks: readonly (readonly [weight: string, rank: number])[];
  /** Weights that could not be analysed, with the reason. */
  readonly failed: readonly (readonly [weight: string, reason: string])[];
}

export interface CpuEstimate {
  /** For the weights that are not finished yet; measured on this device. */
  readonly durationMs: number;
}

export interface Compressed {
  readonly files: readonly DroppedFile[];
  readonly byteLength: number;
  readonly weights: readonly WeightRow[];
  readonly phases: readonly Phase[];
  readonly device: string;
  readonly software: boolean;
  readonly warnings: readonly string[];
  readonly partial: boolean;
  /** Most bytes of our own GPU buffers at once; null if the CPU computed. */
  readonly peakBufferBytes: number | null;
}

export interface MeasureRequest {
  readonly modelId: string;
  /** null measures the original itself. */
  readonly files: readonly DroppedFile[] | null;
  /** Weights of the run (their noise gives the truth check its floor). */
  readonly weights: readonly WeightRow[];
  readonly backends: readonly Backend[];
  /** Where accuracy is scored. */
  readonly scoreOn: Backend;
  /** False checks the truth alone. */
  readonly score: boolean;
  /** Time for rows of the truth check beyond the first 16; 10 s if absent. */
  readonly truthBudgetMs?: number;
  readonly warmUp: number;
  /** Timed pairs at most; 0 does not time. */
  readonly repetitions: number;
}

export interface OperatorsRequest {
  readonly modelId: string;
  /** null profiles the original itself. */
  readonly files: readonly DroppedFile[] | null;
  readonly backend: Backend;
}

export interface MeasureProgress extends StageProgress {
  /** Growing while rows are scored. */
  readonly accuracy: Accuracy | null;
  readonly measurements: readonly BackendMeasurement[];
}

export interface Measured {
  readonly measurements: readonly BackendMeasurement[];
  readonly accuracy: Accuracy | null;
  readonly answers: readonly number[] | null;
  readonly rowScores: RowScores | null;
  readonly fidelity: Fidelity | null;
  readonly dataset: DatasetUse;
  readonly phases: readonly Phase[];
  readonly versions: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** The person stopped the scoring: figures hold for the rows so far. */
  readonly stopped: boolean;
}

export interface EngineCalls extends TrialCalls {
  probe: { args: []; result: DeviceSummary; progress: never };
  /** `mapping`: what the person said about names that do not match; none takes them as they are. */
  open: {
    args: [modelId: string, files: readonly DroppedFile[], mapping?: DataMapping | null];
    result: null;
    progress: never;
  };
  /** Reads the rows again under `mapping`; after the desk's `remap` with the same. */
  remap: { args: [modelId: string, mapping: DataMapping | null]; result: null; progress: never };
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
  /** The job has ended, whatever its end: its finished weights go. */
  settle: { args: [jobId: string]; result: null; progress: never };
  measure: { args: [request: MeasureRequest]; result: Measured; progress: MeasureProgress };
  /** Time by operator of one file on one backend, from the runtime's profile. */
  operators: { args: [request: OperatorsRequest]; result: OperatorTimes; progress: StageProgress };
  /** Times of a warm compression by phase and kernel. */
  profile: { args: [modelId: string, recipe: Recipe]; result: Profile; progress: never };
  /** Whether the page can be seen: timings of a hidden one are discarded. */
  visible: { args: [visible: boolean]; result: null; progress: never };
  close: { args: [modelId: string]; result: null; progress: never };
}
