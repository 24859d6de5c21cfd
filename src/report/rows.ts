/** Rows of the evaluation set as people look at them, and what runs gave to them. */
import type { RowScores, Score } from './report.ts';

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
  /** That both gave something to. */
  readonly rows: number;
  /** B's own value on these rows; A's is less by the difference. */
  readonly ofB: number;
  /** B minus A. */
  readonly value: number;
  readonly interval: Score['interval'];
}
