/** How the values of a weight are spread, before and after, as the page draws them. */
import type { FoundRank } from '../core/factorize-spec.ts';
import type { WeightRow } from './report.ts';

/** How values are spread, over a range that their owner gives. */
export interface Spread {
  /** Equal bins over [−limit, limit]. */
  readonly counts: readonly number[];
  readonly mean: number;
  readonly standardDeviation: number;
}

/** One channel of a quantized weight, or one block of the channel. */
export interface Focus {
  readonly channel: number;
  /** null: the whole channel. */
  readonly block: number | null;
}

/** The values of a weight, or of the part of it that is looked at. */
export interface WeightValues {
  /** The largest magnitude, before or after. */
  readonly limit: number;
  readonly before: Spread;
  /** As the run's file holds them; null: left alone, no run, or `missing` says why. */
  readonly after: Spread | null;
  readonly missing: string | null;
  /** What can be looked at alone; null where scales are not of channels. */
  readonly channels: {
    readonly count: number;
    readonly blocks: number;
    /** Values that share a scale. */
    readonly blockSize: number;
  } | null;
  /** The part that is looked at; null: all of it. */
  readonly focus: Focus | null;
  /** Ascending: what the values of that part can be; null for all of the weight, and for floats. */
  readonly levels: readonly number[] | null;
}

/** Ranks that a run found, by weight, as its rows tell them. */
export const ranksFound = (
  rows: readonly Pick<WeightRow, 'name' | 'encoding'>[],
): readonly (readonly [name: string, rank: FoundRank])[] =>
  rows.flatMap(({ name, encoding }) => {
    const [, split, rank] = /(?:^| )(spatial |(?<!\+ ))rank (\d+)/.exec(encoding) ?? [];
    if (rank === undefined) return [];
    return [[name, split ? { spatial: Number(rank) } : Number(rank)] as const];
  });

/** What a run left of weights that it cut, as its rows tell it: "fp32 · 384×768". */
export const dimsLeft = (
  rows: readonly Pick<WeightRow, 'name' | 'encoding'>[],
): readonly (readonly [name: string, dims: readonly number[]])[] =>
  rows.flatMap(({ name, encoding }) => {
    const [, dims] = / · (\d+(?:×\d+)+)$/.exec(encoding) ?? [];
    return dims === undefined ? [] : [[name, dims.split('×').map(Number)] as const];
  });

/** Weights that a run dropped with their blocks, as its rows tell them. */
export const weightsDropped = (
  rows: readonly Pick<WeightRow, 'name' | 'technique' | 'bytesAfter'>[],
): readonly string[] =>
  rows.flatMap(({ name, technique, bytesAfter }) =>
    technique === 'cut-blocks' && bytesAfter === 0 ? [name] : [],
  );
