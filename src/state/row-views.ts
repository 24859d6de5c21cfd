/** Rows behind the figures: how A and B differ on them, what is right, and what they look like. */
import type { PairedScore, RowPreview } from '../report/rows.ts';
import type { Failure } from './failure.ts';
import type { RowFilter } from './row-filter.ts';

export type Pairing =
  | { readonly status: 'none' }
  | { readonly status: 'comparing' }
  /** `score` is null where the two cannot be compared by rows. */
  | { readonly status: 'ready'; readonly score: PairedScore | null }
  | { readonly status: 'failed'; readonly failure: Failure };

export type RowLabels =
  | { readonly status: 'none' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly labels: readonly number[] | null }
  | { readonly status: 'failed'; readonly failure: Failure };

export interface RowViews {
  /** Of A and B as they are chosen now. */
  readonly pairing: Pairing;
  readonly labels: RowLabels;
  /** Rows that were looked at, by index. */
  readonly previews: ReadonlyMap<number, RowPreview>;
  readonly previewFailure: Failure | null;
  readonly filter: RowFilter;
}

export const NO_ROW_VIEWS: RowViews = {
  pairing: { status: 'none' },
  labels: { status: 'none' },
  previews: new Map(),
  previewFailure: null,
  filter: { kind: 'differ' },
};
