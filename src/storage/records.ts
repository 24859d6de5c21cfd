/** The records that are kept beside the files, and how they are found. */
import type { Recipe } from '../recipe/recipe.ts';
import type { UnfinishedJob } from '../report/kept.ts';
import type { OutputFile, RunReport, WeightRow } from '../report/report.ts';

export interface SessionRecord {
  readonly id: string;
  readonly title: string;
  readonly fileName: string;
  readonly byteLength: number;
  readonly files: readonly OutputFile[];
  readonly filesKept: boolean;
  readonly recipe: Recipe | null;
  /** Beside the recipe; absent in records from before there were budgets. */
  readonly budgetBytes?: number | null;
  readonly touchedAt: string;
}

export interface RunRecord {
  readonly sessionId: string;
  readonly runId: string;
  readonly report: RunReport;
  /** False for the baseline, and where there was no room. */
  readonly filesKept: boolean;
}

export interface JobRecord extends UnfinishedJob {
  readonly sessionId: string;
}

/** The commit of one finished weight: without it, its bytes do not count. */
export interface WeightRecord {
  readonly jobId: string;
  readonly name: string;
  /** Recipe and version that it was computed with. */
  readonly context: string;
  readonly row: WeightRow;
  readonly device: string;
  readonly file: string;
  /** In the order of their bytes in the file. */
  readonly payloads: readonly {
    readonly name: string;
    readonly byteLength: number;
    readonly sha256: string;
  }[];
}

export interface Stores {
  readonly sessions: SessionRecord;
  readonly runs: RunRecord;
  readonly jobs: JobRecord;
  readonly weights: WeightRecord;
}

export type StoreName = keyof Stores;

/** What identifies a record: one field, or an owner and a field. */
export const KEY_PATHS = {
  sessions: ['id'],
  runs: ['sessionId', 'runId'],
  jobs: ['sessionId'],
  weights: ['jobId', 'name'],
} as const satisfies Readonly<Record<StoreName, readonly string[]>>;

/** What cannot be read counts as absent, but for `count`. */
export interface Records {
  get<S extends StoreName>(store: S, key: readonly string[]): Promise<Stores[S] | null>;
  /** All records, or those of one owner (the first field of their key), by key. */
  all<S extends StoreName>(store: S, owner?: string): Promise<readonly Stores[S][]>;
  /** How many there are, also of those that cannot be read. */
  count(store: StoreName): Promise<number>;
  /** @throws quota */
  put<S extends StoreName>(store: S, record: Stores[S]): Promise<void>;
  /** One record by its whole key, or all of an owner; there may be none. */
  remove(store: StoreName, key: readonly string[]): Promise<void>;
}
