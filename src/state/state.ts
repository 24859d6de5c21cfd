/**
 * What the page knows. Ids, figures and file handles only: no tensors. Every asynchronous thing is
 * a discriminated union, and what can be computed from the rest is not stored.
 */
import type { Analysed } from '../bridge/compress-calls.ts';
import type { DroppedFile, Opened } from '../bridge/opened.ts';
import type { TargetId } from '../catalog/targets.ts';
import type { RecipeHistory } from '../recipe/history.ts';
import type { PresetId } from '../recipe/presets.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { DataMapping, MappingNeed } from '../report/data-mapping.ts';
import type { DeviceSummary } from '../report/device-summary.ts';
import type { KeptJob, KeptSession } from '../report/kept.ts';
import type { LabelAnswers } from '../report/label-answers.ts';
import type { DatasetSummary, ModelIdentity, ModelSummary } from '../report/model-summary.ts';
import type { OperatorTimes } from '../report/operator-times.ts';
import type { PlanSummary } from '../report/plan-summary.ts';
import type { Accuracy, WeightRow } from '../report/report.ts';
import type { Focus, WeightValues } from '../report/weight-values.ts';
import type { Failure } from './failure.ts';
import type { Paces } from './paces.ts';
import type { RowViews } from './row-views.ts';
import type { Run } from './run.ts';
import type { RunColumn } from './run-column.ts';
import type { SampleCard } from './sample-card.ts';
import type { HandOver, SharedView } from './shared-view.ts';
import type { StageSlot } from './stage-list.ts';
import type { Phase, StageRecord } from './stage-record.ts';
import type { Task } from './task.ts';
import type { Trying } from './trying.ts';

export type Device =
  | { readonly status: 'probing' }
  | { readonly status: 'known'; readonly summary: DeviceSummary }
  | { readonly status: 'failed'; readonly failure: Failure };

export type Samples =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly cards: readonly SampleCard[] }
  | { readonly status: 'failed'; readonly failure: Failure };

export type Opening =
  | { readonly status: 'idle' }
  | { readonly status: 'opening'; readonly what: string; readonly abort: AbortController }
  | { readonly status: 'failed'; readonly failure: Failure };

/**
 * The size readout. `plan` may belong to an older recipe while the newest is being planned: `of` is
 * the one that it belongs to.
 */
export type Planning =
  | { readonly status: 'planning'; readonly plan: PlanSummary | null; readonly of: Recipe | null }
  | { readonly status: 'ready'; readonly plan: PlanSummary; readonly of: Recipe }
  | {
      readonly status: 'failed';
      readonly failure: Failure;
      readonly plan: PlanSummary | null;
      readonly of: Recipe | null;
    };

/** Holds for recipes that do the same as `recipe`. */
export interface Analysis {
  readonly recipe: Recipe;
  readonly found: Analysed;
  /** The engine's job that still holds what it found; null after a compression has taken it. */
  readonly jobId: string | null;
}

/** What a preset comes to on the open model. */
export type PresetPlan =
  | { readonly byteLength: number; readonly exact: boolean; readonly weightCount: number }
  /** Why the model cannot be planned so. */
  | { readonly refusal: string };

export type Identity =
  | { readonly status: 'pending' }
  | { readonly status: 'known'; readonly identity: ModelIdentity }
  | { readonly status: 'failed'; readonly failure: Failure };

export type Values =
  | { readonly status: 'none' }
  | {
      readonly status: 'loading';
      readonly weight: string;
      /** Of the same weight, while another part of it or another run is read. */
      readonly shown: WeightValues | null;
    }
  | { readonly status: 'ready'; readonly weight: string; readonly values: WeightValues }
  | { readonly status: 'failed'; readonly weight: string; readonly failure: Failure };

/** Rows are read again under another mapping. */
export type Remapping =
  | { readonly status: 'idle' }
  | { readonly status: 'running' }
  | { readonly status: 'failed'; readonly failure: Failure };

/** What the running job does now: the figures of a benchmark may be the baseline's first. */
export type Job =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly task: Task;
      readonly phase: Phase;
      /** What it is to come to; empty where that is not known. */
      readonly outline: readonly StageSlot[];
      /** The latest message of each stage, the one told last at the end. */
      readonly stages: readonly StageRecord[];
      /** Weights compressed so far, by name. */
      readonly finished: ReadonlyMap<string, WeightRow>;
      /** Growing while rows are scored. */
      readonly accuracy: Accuracy | null;
      readonly cancelling: boolean;
      readonly abort: AbortController;
      readonly stop: AbortController;
      /** Resolves when the job has ended, whatever its end. */
      readonly settled: Promise<void>;
    }
  | {
      /** A compression that cannot go on by itself: nothing is lost, and the person chooses how. */
      readonly status: 'asking';
      readonly why: 'device-lost' | 'no-webgpu';
      readonly task: Task;
      readonly failure: Failure | null;
      readonly at: Date;
      /** Weights compressed so far, by name. */
      readonly finished: ReadonlyMap<string, WeightRow>;
      /** Weights that the recipe compresses; 0 if it did not come to that. */
      readonly total: number;
      readonly cpu: CpuTime;
    }
  | {
      readonly status: 'failed';
      readonly task: Task;
      readonly failure: Failure;
      readonly at: Date;
      readonly finished: number;
      readonly total: number;
    };

/** The time that the CPU would take. */
export type CpuTime =
  | { readonly status: 'measuring' }
  | { readonly status: 'known'; readonly durationMs: number }
  | { readonly status: 'unknown'; readonly reason: string };

/** What the browser keeps between visits, for the start screen. */
export type Kept =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly sessions: readonly KeptSession[] }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface Wanted {
  readonly kept: KeptSession;
  /** Whether its unfinished job goes on when they are here. */
  readonly resume: boolean;
}

/** Whether what is done with the open model outlives the tab. */
export type Keeping =
  | { readonly status: 'pending' }
  | { readonly status: 'kept'; readonly sessionId: string }
  | { readonly status: 'not-kept'; readonly failure: Failure };

/** What the original says to labels that wait to be matched with its classes. */
export type LabelAsking =
  | { readonly status: 'none' | 'asking' }
  | { readonly status: 'ready'; readonly answers: readonly LabelAnswers[] }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface Session {
  readonly model: ModelSummary;
  readonly dataset: DatasetSummary;
  /** Everything that names alone did not match, also what is mapped by now. */
  readonly needs: readonly MappingNeed[];
  /** How the person matched it; null takes names as they are. */
  readonly mapping: DataMapping | null;
  readonly remapping: Remapping;
  /** The dialog is open in which names are matched. */
  readonly matching: boolean;
  readonly files: Opened['files'];
  readonly identity: Identity;
  readonly recipe: Recipe;
  readonly history: RecipeHistory;
  /** What the output should weigh at most; null if that does not matter. */
  readonly budgetBytes: number | null;
  readonly planning: Planning;
  /** The dry run of each preset, by target. */
  readonly presetPlans: Readonly<
    Partial<Record<TargetId, Readonly<Partial<Record<PresetId, PresetPlan>>>>>
  >;
  /** What was last found of the values that a plan depends on; null if nothing was. */
  readonly analysis: Analysis | null;
  /** How long stages of jobs took in this visit. */
  readonly paces: Paces;
  /** Most bytes of GPU buffers at once, by run of this visit; runs of the CPU have none. */
  readonly peakBuffers: ReadonlyMap<string, number>;
  readonly labelAsking: LabelAsking;
  /** The baseline first. */
  readonly runs: readonly Run[];
  readonly job: Job;
  /** Compress was pressed while the baseline was measured: it starts when that has stopped. */
  readonly queued: boolean;
  readonly benchmarkAfter: boolean;
  /** Also B of a comparison. */
  readonly selectedRunId: string;
  /** The selected run was chosen while a job runs: it is shown, whatever the job does. */
  readonly picked: boolean;
  /** A of a comparison; null, or a run that is gone: the baseline. */
  readonly comparedWith: string | null;
  /** The person has made the original B: by itself it is A. */
  readonly turned: boolean;
  /** The run that was deleted last, and where it stood: it can come back. */
  readonly deletedRun: { readonly run: Run; readonly index: number } | null;
  readonly hiddenColumns: ReadonlySet<RunColumn>;
  readonly rowViews: RowViews;
  /** Times by operator that were profiled, by `profileKey`. */
  readonly operators: ReadonlyMap<string, OperatorTimes>;
  /** The tab beside the chart, by id; null for the first. */
  readonly detail: string | null;
  readonly selectedWeight: string | null;
  /** Several weights that are chosen together, the selected one among them; else empty. */
  readonly markedWeights: ReadonlySet<string>;
  /** The part of the selected weight whose values are shown; null: all of it. */
  readonly focus: Focus | null;
  readonly weightFilter: string;
  readonly values: Values;
  readonly trying: Trying;
  /** A run whose truth check failed and whose download waits for a second word. */
  readonly downloadToConfirm: string | null;
  readonly keeping: Keeping;
  /** What an earlier visit left unfinished with the same files. */
  readonly unfinished: KeptJob | null;
  /** Runs whose files found no room in this browser, by id. */
  readonly runsNotKept: ReadonlySet<string>;
  /** Aborted when the model is left: ends what goes on behind the person's back. */
  readonly background: AbortController;
  /** The engine has the model; false after a worker was replaced. */
  readonly engineHasModel: boolean;
}

/** The status line: what happened, then the figure. */
export interface Notice {
  readonly tone: 'plain' | 'good' | 'busy' | 'warn' | 'bad';
  readonly text: string;
}

/** Whether the page is isolated from other sites, without which WASM has one thread. */
export type Isolation =
  | { readonly status: 'unknown' | 'on' | 'after-reload' }
  | { readonly status: 'off'; readonly reason: string };

/** Whether the page opens without a network. */
export type Offline =
  | { readonly status: 'unknown' | 'keeping' | 'ready' | 'saving-data' }
  | { readonly status: 'off'; readonly reason: string };

/** A reload that the page would like, and that the person may put off for ever. */
export interface ReloadOffer {
  readonly why: 'new-version' | 'isolation';
  readonly accept: () => void;
}

/** What the browser does in place of a server. */
export interface Hosting {
  readonly isolation: Isolation;
  readonly offline: Offline;
  readonly offer: ReloadOffer | null;
}

export interface State {
  readonly device: Device;
  readonly hosting: Hosting;
  readonly gpuLost: boolean;
  readonly samples: Samples;
  readonly opening: Opening;
  readonly kept: Kept;
  /** The browser promised not to evict it; null where it does not say. */
  readonly persisted: boolean | null;
  /** A kept session whose files had no room: the next files that are opened should be those. */
  readonly wanted: Wanted | null;
  readonly session: Session | null;
  /** A shared result, shown in place of start screen or workbench. */
  readonly shared: SharedView | null;
  /** A recipe from a link, for the next model that is opened. */
  readonly offered: Recipe | null;
  /** Rows or a tokenizer that came alone, for the next model that is opened. */
  readonly waiting: readonly DroppedFile[];
  readonly handOver: HandOver | null;
  readonly notice: Notice;
  /** "Done: int4" of a job that ended while the tab was hidden, until it is seen. */
  readonly unseenEnd: string | null;
  /** Whether a job that ends in a hidden tab sends a notification; the browser may block them. */
  readonly tellEnds: 'off' | 'on' | 'blocked';
}
