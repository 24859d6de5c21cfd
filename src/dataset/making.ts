/** What a person can make up for a model, and what it becomes: the types of every kind of input. */
import type { Dataset } from './opening.ts';
import type { Feeds } from './rows.ts';

/** As `report/` has them; this room may not import that one. */
export interface TextForm {
  readonly kind: 'text';
  readonly pair: 'none' | 'optional' | 'always';
  readonly maxTokens: number;
}

export interface ContinuationForm {
  readonly kind: 'continuation';
  readonly maxTokens: number;
}

export interface ImageForm {
  readonly kind: 'image';
  readonly width: number | null;
  readonly height: number | null;
  readonly channels: 1 | 3;
  readonly lightInk: boolean;
  readonly words: string;
}

/** Interleaved bytes, row-major. */
export interface SeenImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly levels: Uint8Array;
}

export type TrialForm =
  | TextForm
  | ImageForm
  | ContinuationForm
  | { readonly kind: 'rows'; readonly reason: string };

export type MadeInput =
  | { readonly kind: 'text'; readonly text: string; readonly pair: string | null }
  | {
      readonly kind: 'drawing';
      readonly width: number;
      readonly height: number;
      readonly levels: Uint8Array;
    }
  | { readonly kind: 'image'; readonly path: string; readonly blob: Blob }
  | { readonly kind: 'row'; readonly index: number };

/** An input as models are fed it. */
export interface Made {
  /** Two where two texts are embedded one by one. */
  readonly feeds: readonly Feeds[];
  readonly texts: readonly string[] | null;
  readonly image: SeenImage | null;
  readonly label: number | null;
  readonly tokens: { readonly read: number; readonly of: number } | null;
}

/** A text that grows token by token. */
export interface Growing {
  /** @throws bad-tokenizer */
  start(text: string): readonly number[];
  /** The last ids that the model can read at once, and the place of the last of them. */
  feeds(ids: readonly number[]): { readonly feeds: Feeds; readonly last: number };
  /** What `id` adds to the text of `before`; empty for a part of a character. */
  textOf(before: readonly number[], id: number): string;
  /** Tokens that end a text. */
  readonly endIds: readonly number[];
  /** Of a run's own tokens the original's ids, by which models are compared; absent for the original's. */
  readonly originalIds?: readonly number[];
}

/** What one kind of input is made by; null where the input is of another kind. */
export interface Maker {
  readonly form: TrialForm;
  readonly growing: Growing | null;
  make(input: MadeInput, rows: Dataset): Promise<Made | null>;
}
