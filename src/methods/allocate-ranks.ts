/**
 * Ranks of many weights under one budget of parameters: the next parameter goes where it takes away
 * most error, each weight's error as a multiple of what the same share of its own elements leaves.
 * Energies alone do not compare: inputs with a large mean put nearly all of a weight's energy into
 * one direction, and what the model tells its rows apart by is in the rest.
 */
import { largestUsefulRank, rankForBudget } from '../core/factorize-spec.ts';
import { floorOfShare } from '../core/share.ts';

export interface Spectrum {
  readonly K: number;
  readonly N: number;
  /** Squared singular values, descending, of the ranks that save anything. */
  readonly energies: Float64Array;
  /** Of the whole matrix. */
  readonly total: number;
}

/** A spectrum, and the error that one is counted as. */
interface Weighed extends Spectrum {
  readonly unit: number;
}

/** Of a weight's energy: to lose less is hardly worth a parameter. */
const LEAST_SHARE = 1e-7;

/** From one count of parameters of a weight to the next one that is worth taking. */
interface Move {
  readonly weight: number;
  readonly cost: number;
  readonly gain: number;
  /** 0: the weight stays whole. */
  readonly rank: number;
}

/**
 * The ranks, by weight; 0 where a weight is better left whole. Together they have at most `share` of
 * the weights' elements, but every weight keeps at least rank 1.
 * - `share` — as in `floorOfShare`
 */
export function allocateRanks(spectra: readonly Spectrum[], share: number): readonly number[] {
  const elements = spectra.reduce((sum, { K, N }) => sum + K * N, 0);
  const budget = floorOfShare(share, elements);
  const weighed = spectra.map((spectrum) => ({ ...spectrum, unit: errorOfShare(spectrum, share) }));
  // The step to the whole weight is large, and may take what is better spent rank by rank.
  const [mixed, single] = [
    spend(weighed, weighed.map(worthwhile), budget),
    spend(weighed, weighed.map(unitMoves), budget),
  ];
  return lostBy(weighed, mixed) < lostBy(weighed, single) ? mixed : single;
}

/** What is lost of a weight that keeps `share` of its own elements; its energy if that is nothing. */
function errorOfShare(spectrum: Spectrum, share: number): number {
  const { K, N, total } = spectrum;
  const rank = Math.max(1, rankForBudget(K, N, share));
  const lost = errorAt(spectrum, rank);
  return lost > LEAST_SHARE * total ? lost : total;
}

/** Squared: to lose twice as much is not made up for by one other weight that loses nothing. */
const penaltyOf = (error: number, unit: number): number =>
  unit > 0 ? (Math.max(0, error) / unit) ** 2 : 0;

const errorAt = ({ energies, total }: Spectrum, rank: number): number =>
  total - energies.subarray(0, rank).reduce((sum, value) => sum + value, 0);

/** Takes the moves that are worth most while they fit, and then single ranks. */
function spend(
  spectra: readonly Weighed[],
  moves: readonly (readonly Move[])[],
  budget: number,
): readonly number[] {
  const ranks = spectra.map(() => 1);
  let left = budget - spectra.reduce((sum, { K, N }) => sum + K + N, 0);
  const take = (offered: readonly Move[]) => {
    const closed = new Set<number>();
    for (const { weight, cost, rank } of offered.toSorted(byWorth)) {
      if (closed.has(weight)) continue;
      if (cost > left) {
        closed.add(weight);
        continue;
      }
      left -= cost;
      ranks[weight] = rank;
    }
  };
  take(moves.flat());
  take(
    spectra.flatMap((spectrum, weight) => {
      const rank = ranks[weight] ?? 0;
      return rank === 0 ? [] : unitMoves(spectrum, weight).filter((move) => move.rank > rank);
    }),
  );
  return ranks;
}

/** The weights' errors in their units, together. */
const lostBy = (spectra: readonly Weighed[], ranks: readonly number[]): number =>
  spectra.reduce((lost, spectrum, weight) => {
    const rank = ranks[weight] ?? 0;
    if (rank === 0) return lost;
    return lost + penaltyOf(errorAt(spectrum, rank), spectrum.unit);
  }, 0);

const byWorth = (a: Move, b: Move): number =>
  b.gain / b.cost - a.gain / a.cost || a.weight - b.weight || a.rank - b.rank;

/** Rank by rank, from 2 on. */
function unitMoves({ K, N, energies, total, unit }: Weighed, weight: number): Move[] {
  const useful = Math.min(energies.length, largestUsefulRank(K, N));
  let left = total - (energies[0] ?? 0);
  return Array.from({ length: Math.max(0, useful - 1) }, (_, at) => {
    const before = left;
    left -= energies[at + 1] as number;
    const gain = penaltyOf(before, unit) - penaltyOf(left, unit);
    return { weight, cost: K + N, gain, rank: at + 2 };
  });
}

/** The moves on the convex hull of error over parameters, so that each is worth less than the last. */
function worthwhile(spectrum: Weighed, weight: number): readonly Move[] {
  const { K, N, unit } = spectrum;
  const moves = unitMoves(spectrum, weight);
  const left = errorAt(spectrum, moves.length + 1);
  let whole: Move = {
    ...{ weight, rank: 0, cost: K * N - (moves.length + 1) * (K + N) },
    gain: penaltyOf(left, unit),
  };
  for (let last = moves.at(-1); last; last = moves.at(-1)) {
    if (whole.gain / whole.cost < last.gain / last.cost) break;
    whole = { ...whole, cost: whole.cost + last.cost, gain: whole.gain + last.gain };
    moves.pop();
  }
  return whole.gain > 0 ? [...moves, whole] : moves;
}
