/**
 * Ranks of many weights under one budget of parameters: the next parameter goes where it takes away
 * most error, each weight's error as a share of its own energy.
 */
import { largestUsefulRank } from '../core/factorize-spec.ts';
import { floorOfShare } from '../core/share.ts';

export interface Spectrum {
  readonly K: number;
  readonly N: number;
  /** Squared singular values, descending, of the ranks that save anything. */
  readonly energies: Float64Array;
  /** Of the whole matrix. */
  readonly total: number;
}

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
  const units = spectra.map(unitMoves);
  // The step to the whole weight is large, and may take what is better spent rank by rank.
  const [mixed, single] = [
    spend(spectra, spectra.map(worthwhile), budget),
    spend(spectra, units, budget),
  ];
  return lostBy(spectra, mixed) < lostBy(spectra, single) ? mixed : single;
}

/** Takes the moves that are worth most while they fit, and then single ranks. */
function spend(
  spectra: readonly Spectrum[],
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

/** The shares of their energy that the weights lose, together. */
const lostBy = (spectra: readonly Spectrum[], ranks: readonly number[]): number =>
  spectra.reduce((lost, { energies, total }, weight) => {
    const rank = ranks[weight] ?? 0;
    if (rank === 0 || total === 0) return lost;
    return lost + 1 - energies.subarray(0, rank).reduce((sum, value) => sum + value, 0) / total;
  }, 0);

const byWorth = (a: Move, b: Move): number =>
  b.gain / b.cost - a.gain / a.cost || a.weight - b.weight || a.rank - b.rank;

/** Rank by rank, from 2 on. */
function unitMoves({ K, N, energies, total }: Spectrum, weight: number): Move[] {
  const useful = Math.min(energies.length, largestUsefulRank(K, N));
  return Array.from({ length: Math.max(0, useful - 1) }, (_, at) => {
    const gain = total > 0 ? (energies[at + 1] as number) / total : 0;
    return { weight, cost: K + N, gain, rank: at + 2 };
  });
}

/** The moves on the convex hull of error over parameters, so that each is worth less than the last. */
function worthwhile(spectrum: Spectrum, weight: number): readonly Move[] {
  const { K, N, energies, total } = spectrum;
  const moves = unitMoves(spectrum, weight);
  let kept = energies[0] ?? 0;
  for (const { gain } of moves) kept += gain * total;
  let whole: Move = {
    ...{ weight, rank: 0, cost: K * N - (moves.length + 1) * (K + N) },
    gain: total > 0 ? Math.max(0, (total - kept) / total) : 0,
  };
  for (let last = moves.at(-1); last; last = moves.at(-1)) {
    if (whole.gain / whole.cost < last.gain / last.cost) break;
    whole = { ...whole, cost: whole.cost + last.cost, gain: whole.gain + last.gain };
    moves.pop();
  }
  return whole.gain > 0 ? [...moves, whole] : moves;
}
