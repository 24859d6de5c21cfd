/** Which units of a group their layers can do without, judged one lot after the other. */
import type { Elimination } from '../reference/eliminate.ts';
import { breathe } from './breathe.ts';

/** A layer that units feed, and by unit the inputs that are its. */
export interface LossTaker {
  readonly elimination: Elimination;
  readonly inputs: readonly (readonly number[])[];
}

export interface EliminationContext {
  readonly signal: AbortSignal;
  /** `share` of the units to remove are gone. */
  readonly onShare: (share: number) => void;
}

/** Time grows with the cube of the inputs, memory with their square. */
export const MOST_INPUTS = 2048;

/** Inputs that go between two judgements; of that many of a layer, their interplay is small. */
const LOT_INPUTS = 32;
/** Of the units, that go at a time at most. */
const LOTS = 32;

/**
 * The units that stay, ascending: time and again those go whose loss, once the layers are refitted,
 * is the smallest share of what the layers give; of equal ones the earlier.
 * @throws the signal's reason
 */
export async function leastLossUnits(
  takers: readonly LossTaker[],
  kept: number,
  { signal, onShare }: EliminationContext,
): Promise<readonly number[]> {
  const count = takers[0]?.inputs.length ?? 0;
  const width = Math.max(...takers.flatMap(({ inputs }) => inputs.map(({ length }) => length)), 1);
  const lot = Math.max(1, Math.min(Math.floor(LOT_INPUTS / width), Math.ceil(count / LOTS)));
  let left = Array.from({ length: count }, (_, unit) => unit);
  while (left.length > kept) {
    await breathe(signal);
    const losses = new Map(left.map((unit) => [unit, lossOf(unit, takers)]));
    const going = [...left]
      .sort((a, b) => (losses.get(a) ?? 0) - (losses.get(b) ?? 0) || a - b)
      .slice(0, Math.min(lot, left.length - kept));
    for (const { elimination, inputs } of takers) {
      elimination.remove(going.flatMap((unit) => inputs[unit] ?? []));
    }
    const gone = new Set(going);
    left = left.filter((unit) => !gone.has(unit));
    onShare((count - left.length) / (count - kept));
  }
  return left;
}

const lossOf = (unit: number, takers: readonly LossTaker[]): number =>
  takers.reduce((sum, { elimination, inputs }) => {
    const own = inputs[unit] ?? [];
    const { energy } = elimination;
    return own.length > 0 && energy > 0 ? sum + elimination.loss(own) / energy : sum;
  }, 0);
