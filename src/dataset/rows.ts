/** Rows to measure or calibrate with: what a session is fed, one row at a time. */
import type { DType } from '../core/dtype.ts';
import type { NamedBlob } from './companions.ts';

export type FeedValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** One input tensor: row-major `data`; float16 as bit patterns in a Uint16Array, bool as 0 and 1. */
export interface FeedTensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: FeedValues;
}

/** By name of graph input; batch 1. */
export type Feeds = Readonly<Record<string, FeedTensor>>;

export interface Rows {
  readonly count: number;
  /**
   * A promise where a row has to be decoded first (an image).
   * @throws bad-dataset, bad-tokenizer if row `index` (from 0) does not fit the model
   */
  feeds(index: number): Feeds | Promise<Feeds>;
  /** Index of the right class, or the right number, as the data set's task says; null without. */
  label(index: number): number | null;
  /** The label as the file (or the folder's name) has it, whether or not it is a class; absent without. */
  written?(index: number): string | null;
  /** Token ids of a window of running text, padding left out; null for other rows. */
  tokens(index: number): readonly number[] | null;
  /** Of a run with a tokenizer of its own; absent or null where tokens are the original's. */
  places?(index: number): TokenPlaces | null;
  /** The row as a person wrote it; null where rows are arrays. */
  text(index: number): string | null;
  /** The image file of the row; null where rows are none, absent where no row is. */
  picture?(index: number): NamedBlob | null;
  /** The two texts of a pair that is fed as one row; absent where no row is. */
  sides?(index: number): readonly [string, string] | null;
}

/** Where a run's own tokens of a row end, beside the original's. */
export interface TokenPlaces {
  /**
   * For each token of the row as the original is fed it, the index of the run's token that ends where
   * it does; −1 where none does.
   */
  readonly ends: readonly number[];
  /** Tokens that the original and the run are fed, padding included. */
  readonly originalLength: number;
  readonly length: number;
}

/** What a file's name says its rows are for. */
export type Role = 'calibration' | 'train' | 'evaluation' | 'unnamed';

/** The rows of one file (or of the arrays that belong together). */
export interface RowSet extends Rows {
  readonly path: string;
  readonly role: Role;
  /** Rows that stay together, one after another: 2 for pairs of texts, each fed alone. */
  readonly width: number;
  /**
   * Equal for rows with equal content, different otherwise (but for hash collisions); of rows that
   * stay together asked for the first.
   */
  key(index: number): string;
}

export const NO_ROWS: Rows = {
  count: 0,
  feeds: (index) => {
    throw new RangeError(`no row ${index}: the set is empty`);
  },
  label: () => null,
  tokens: () => null,
  text: () => null,
};
