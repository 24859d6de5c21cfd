import type { Usage } from '../export/usage.ts';
import type { VariantDtype } from '../export/variants.ts';
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

/** What is handed out in more than one step, in a dialog. */
export type HandOver =
  /** The browser keeps its clipboard closed: the person copies by hand. */
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'file'; readonly fileName: string; readonly content: Blob }
  /** How the file of a run is used in code. */
  | { readonly kind: 'use'; readonly runName: string; readonly usage: Usage }
  /** Runs to be put into a repository's layout. */
  | {
      readonly kind: 'repository';
      readonly choices: readonly VariantChoice[];
      /** A config.json goes along, without which transformers.js loads nothing. */
      readonly hasConfig: boolean;
    };

export interface VariantChoice {
  readonly runId: string;
  readonly name: string;
  readonly chosen: boolean;
  /** null: its own name is taken, so the person gives it one. */
  readonly dtype: VariantDtype | null;
  readonly byteLength: number;
  readonly fileCount: number;
  /** Some backend computes something else than the original. */
  readonly isWrong: boolean;
}
