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

/** In which order units go, and what that costs. */
export interface LossOrder {
  /** Units that go, the first to go first. */
  readonly order: readonly number[];
  /** What is lost once so many are gone: shares of what the layers give, of all layers together. */
  readonly lossAfter: (gone: number) => number;
}

/**
 * Units go until `kept` stay: time and again those whose loss, once the layers are refitted, is the
 * smallest share of what the layers give; of equal ones the earlier. Fewer that go are the first of
 * the same order.
 * @throws the signal's reason
 */
export async function leastLossOrder(
  takers: readonly LossTaker[],
  kept: number,
  { signal, onShare }: EliminationContext,
): Promise<LossOrder> {
  const count = takers[0]?.inputs.length ?? 0;
  const width = Math.max(...takers.flatMap(({ inputs }) => inputs.map(({ length }) => length)), 1);
  const lot = Math.max(1, Math.min(Math.floor(LOT_INPUTS / width), Math.ceil(count / LOTS)));
  let left = Array.from({ length: count }, (_, unit) => unit);
  const order: number[] = [];
  const lost = [0];
  while (left.length > kept) {
    await breathe(signal);
    const losses = new Map(left.map((unit) => [unit, lossOf([unit], takers)]));
    const going = [...left]
      .sort((a, b) => (losses.get(a) ?? 0) - (losses.get(b) ?? 0) || a - b)
      .slice(0, Math.min(lot, left.length - kept));
    const before = lost.at(-1) ?? 0;
    const more = lossOf(going, takers);
    // Within a lot evenly: its units were judged together.
    for (const at of going.keys()) lost.push(before + (more * (at + 1)) / going.length);
    for (const { elimination, inputs } of takers) {
      elimination.remove(going.flatMap((unit) => inputs[unit] ?? []));
    }
    const gone = new Set(going);
    order.push(...going);
    left = left.filter((unit) => !gone.has(unit));
    onShare((count - left.length) / (count - kept));
  }
  return { order, lossAfter: (gone) => lost[gone] ?? Number.NaN };
}

const lossOf = (units: readonly number[], takers: readonly LossTaker[]): number =>
  takers.reduce((sum, { elimination, inputs }) => {
    const own = units.flatMap((unit) => inputs[unit] ?? []);
    const { energy } = elimination;
    return own.length > 0 && energy > 0 ? sum + elimination.loss(own) / energy : sum;
  }, 0);
