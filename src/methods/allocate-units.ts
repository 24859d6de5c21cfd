/** Units of many layers under one budget of elements: those go first that cost the answers least. */
import { assert } from '../core/assert.ts';

export interface SharedLayer {
  readonly units: number;
  /** That go or stay together. */
  readonly step: number;
  /** That stay at least. */
  readonly least: number;
  /** Elements of the model that go with one unit. */
  readonly elements: number;
  /** What the answers lose once so many units are gone; 0 at 0. */
  readonly cost: (gone: number) => number;
}

/**
 * How many units stay, by layer: at least `elements` go, or all that may. Steps go that cost least
 * by element; several at once of a layer whose next ones are cheaper than its first.
 */
export function allocateUnits(layers: readonly SharedLayer[], elements: number): readonly number[] {
  const gone = layers.map(() => 0);
  let left = elements;
  while (left > 0) {
    const moves = layers.flatMap((layer, at) => cheapest(layer, gone[at] ?? 0, at, left) ?? []);
    const [first, ...others] = moves;
    if (!first) break;
    const best = others.reduce((it, move) => (move.price < it.price ? move : it), first);
    gone[best.at] = (gone[best.at] ?? 0) + best.units;
    left -= best.units * (layers[best.at]?.elements ?? 0);
  }
  return layers.map(({ units }, at) => units - (gone[at] ?? 0));
}

interface Move {
  readonly at: number;
  readonly units: number;
  /** By element. */
  readonly price: number;
}

/** The next steps of a layer that cost least by element; one step may pass what is left to go. */
function cheapest(
  { units, step, least, elements, cost }: SharedLayer,
  gone: number,
  at: number,
  left: number,
): Move | null {
  assert(step > 0 && elements > 0, 'units are of some size');
  let best: Move | null = null;
  for (let more = step; units - gone - more >= least; more += step) {
    if (more > step && more * elements > left) break;
    const price = (cost(gone + more) - cost(gone)) / (more * elements);
    if (!best || price < best.price) best = { at, units: more, price };
  }
  return best;
}
