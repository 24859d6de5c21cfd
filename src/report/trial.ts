/** What can be tried on a model, what a person makes up for it, and what models answer. */

/** How an input can be made up. */
export type TrialForm =
  | {
      readonly kind: 'text';
      /** Whether there is a second text: `always` where two texts are compared. */
      readonly pair: 'none' | 'optional' | 'always';
      /** Tokens at most, special ones included. */
      readonly maxTokens: number;
    }
  | {
      readonly kind: 'image';
      /** As the model takes it; null where it takes any size. */
      readonly width: number | null;
      readonly height: number | null;
      readonly channels: 1 | 3;
      /** What is drawn is light on dark. */
      readonly lightInk: boolean;
      /** "resized to 28 × 28 (bilinear), times 0.003922, grey". */
      readonly words: string;
    }
  /** A text that is gone on with. */
  | { readonly kind: 'continuation'; readonly maxTokens: number }
  /** Nothing but rows of the data set. */
  | { readonly kind: 'rows'; readonly reason: string };

export interface TrialSummary {
  readonly form: TrialForm;
  /** Rows to pick from; 0 without. */
  readonly rowCount: number;
  /** "test.csv", "synthetic inputs". */
  readonly rowsName: string;
}

/** What is given to the models: made up by the person, or one of the rows. */
export type MadeInput =
  | { readonly kind: 'text'; readonly text: string; readonly pair: string | null }
  /** Grey levels from 0 to 255, row-major. */
  | {
      readonly kind: 'drawing';
      readonly width: number;
      readonly height: number;
      readonly levels: Uint8Array;
    }
  | { readonly kind: 'image'; readonly path: string; readonly blob: Blob }
  | { readonly kind: 'row'; readonly index: number };

/** An image as the model sees it: interleaved bytes, row-major. */
export interface SeenImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly levels: Uint8Array;
}

/** What was made of an input before any model saw it. */
export interface MadeWords {
  /** The texts, where the input is text; of a row the ones that stand there. */
  readonly texts: readonly string[] | null;
  readonly image: SeenImage | null;
  /** Class or number that the row is labelled with. */
  readonly label: number | null;
  /** Tokens that the model reads, of those that the text has; null where there are none. */
  readonly tokens: { readonly read: number; readonly of: number } | null;
}

/** One of the classes, or of the tokens that may come next. */
export interface Choice {
  readonly index: number;
  readonly label: string;
  /** Probability, from 0 to 1; NaN where the model gives no number. */
  readonly share: number;
}

export type Reading =
  /**
   * The likeliest first, and those that the original finds likeliest. `exclusive`: one of them is
   * the answer; else each is a yes or no of its own.
   */
  | {
      readonly kind: 'classes';
      readonly choices: readonly Choice[];
      readonly of: number;
      readonly exclusive: boolean;
    }
  | { readonly kind: 'next-token'; readonly choices: readonly Choice[]; readonly of: number }
  | { readonly kind: 'number'; readonly value: number }
  /** Cosine of the embeddings of the two texts. */
  | { readonly kind: 'similarity'; readonly cosine: number }
  /** Outputs that are no answer: how close they are to the original's, null for the original. */
  | {
      readonly kind: 'outputs';
      readonly outputs: readonly { readonly name: string; readonly dims: readonly number[] }[];
      readonly closeness: {
        readonly cosine: number;
        readonly largestDifference: number;
        /** Positions with the same answer; null where outputs are no choice. */
        readonly same: { readonly count: number; readonly of: number } | null;
      } | null;
    };

export type ModelAnswer =
  | { readonly runId: string; readonly durationMs: number; readonly reading: Reading }
  | { readonly runId: string; readonly failure: string };

/** Choosing among the `topK` likeliest tokens by chance; the same seed draws the same numbers. */
export interface Sampling {
  readonly topK: number;
  readonly seed: number;
}

/** One more token of one model. */
export interface ContinuedToken {
  readonly runId: string;
  readonly id: number;
  /** What it adds to the text; empty for a part of a character. */
  readonly text: string;
  readonly share: number;
  /** The likeliest at this place. */
  readonly choices: readonly Choice[];
  readonly durationMs: number;
}

export interface ContinuationEnd {
  readonly runId: string;
  readonly why: 'length' | 'end-of-text' | 'stopped' | 'failed';
  /** Of a failed one. */
  readonly failure: string | null;
}

/** Characters of a text at most. */
export const TEXT_LIMIT = 20_000;
/** Tokens that a text is continued with at most. */
export const CONTINUATION_LIMIT = 256;
