/** What the browser keeps between visits, as the page knows it. */
import type { Recipe } from '../recipe/recipe.ts';
import type { OutputFile, RunReport } from './report.ts';

/** A compression that began and did not end; it goes on under the same run id. */
export interface UnfinishedJob {
  readonly runId: string;
  readonly name: string;
  readonly recipe: Recipe;
  readonly plannedBytes: number | null;
  readonly benchmarkAfter: boolean;
  readonly startedAt: string;
  /** Weights that the recipe compresses; 0 until that is known. */
  readonly total: number;
}

export interface KeptJob extends UnfinishedJob {
  /** Weights that are finished and kept. */
  readonly done: number;
}

export interface KeptRunSummary {
  readonly id: string;
  readonly name: string;
  readonly byteLength: number;
  /** False if its files had no room: its report is kept. */
  readonly filesKept: boolean;
}

/** An opened model with its companions and what was done with it. */
export interface KeptSession {
  /** SHA-256 over all files that were opened together. */
  readonly id: string;
  readonly title: string;
  /** The model's file. */
  readonly fileName: string;
  /** Bytes of the model. */
  readonly byteLength: number;
  readonly files: readonly OutputFile[];
  /** False if there was no room: the files are asked for again. */
  readonly filesKept: boolean;
  /** ISO 8601. */
  readonly touchedAt: string;
  /** Without the baseline, in the order in which they began. */
  readonly runs: readonly KeptRunSummary[];
  /** Disk that it takes, files that several sessions share included. */
  readonly diskBytes: number;
  /** Another tab works on it. */
  readonly openElsewhere: boolean;
  readonly job: KeptJob | null;
}

/** A finished run; its files are null for the baseline, and empty if they were not kept. */
export interface KeptRun<File> {
  readonly report: RunReport;
  readonly files: readonly File[] | null;
}
