/** The desk's calls by which models, recipes, runs and jobs outlive the tab. */
import type { Recipe } from '../recipe/recipe.ts';
import type { KeptJob, KeptRun, KeptSession, UnfinishedJob } from '../report/kept.ts';
import type { DroppedFile, Opened } from './opened.ts';

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

export interface KeepingCalls {
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
