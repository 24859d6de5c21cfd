import type { ModelIdentity } from '../report/model-summary.ts';
import type { OutputFile } from '../report/report.ts';
import type { SharedResult } from '../report/shared-result.ts';
import type { Failure } from './failure.ts';

/** A shared result on the screen. */
export interface SharedView {
  readonly result: SharedResult;
  /** Characters of the link's content; null from a file. */
  readonly linkLength: number | null;
  readonly check: SharedCheck;
}

/** Whether the open model is the one that the result is of. */
export type SharedCheck =
  | { readonly status: 'none' }
  | { readonly status: 'checking' }
  | { readonly status: 'same' }
  | {
      readonly status: 'other';
      readonly identity: ModelIdentity;
      readonly files: readonly OutputFile[];
    }
  | { readonly status: 'failed'; readonly failure: Failure };

/** What a link could not carry by itself, for a dialog. */
export type HandOver =
  /** The browser keeps its clipboard closed: the person copies by hand. */
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'file'; readonly fileName: string; readonly content: Blob };
