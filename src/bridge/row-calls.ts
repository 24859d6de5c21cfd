/** What the page asks the desk about rows of the evaluation set. */
import type { RowScores, Score } from '../report/report.ts';

export interface RowCalls {
  /** What evaluation rows look like, at most 200 at once. */
  rows: {
    args: [modelId: string, indexes: readonly number[]];
    result: readonly RowPreview[];
    progress: never;
  };
  /** Index of the right class (or the right number) of every evaluation row; null without labels. */
  rowLabels: { args: [modelId: string]; result: readonly number[] | null; progress: never };
  /** The task's metric of B minus A on the rows that both answered; null where it cannot be told. */
  compareRows: {
    args: [modelId: string, a: RowAnswers, b: RowAnswers];
    result: PairedScore | null;
    progress: never;
  };
}

/** A row as a person wrote it; text is cut at 2,000 characters. */
export interface RowPreview {
  readonly index: number;
  readonly label: number | null;
  readonly content:
    | { readonly kind: 'text'; readonly text: string }
    /** `drawn`: from an array, scaled from its least to its largest value. */
    | {
        readonly kind: 'image';
        readonly blob: Blob;
        readonly path: string;
        readonly drawn: boolean;
      }
    | { readonly kind: 'arrays'; readonly arrays: readonly ArraySummary[] };
}

export interface ArraySummary {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly number[];
  /** Least, largest and mean value. */
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/** What a run gave to each row, as its report has it. */
export interface RowAnswers {
  readonly answers: readonly number[] | null;
  readonly rowScores: RowScores | null;
}

export interface PairedScore {
  readonly metric: Score['metric'];
  readonly rows: number;
  readonly value: number;
  readonly interval: Score['interval'];
}
