/** The fewest cells that have all there is between them. */
import { secondsOf } from './cells.mjs';

/** @typedef {{ covers: string[], recipe: string, model: { seconds: number } }} Coverable */

/**
 * What a weight's encoding adds to what has been tried. One stage: how it is stored for an operator
 * and a target (floats are the same bytes for every target; block sizes, ranks and shares are numbers
 * to one kernel). Several: which of them follow each other for an operator; their noise would hide whether
 * the storage is right, so that does not count as tried.
 * @param {string} encoding "rank 32 · int8·32 Conv"
 * @param {string} target
 */
export function kindOf(encoding, target) {
  const kind = encoding
    .replace(/·\d+/g, '·block')
    .replace(/rank (≤ )?\d+/, 'rank')
    .replace(/\d+ % pruned/, 'pruned');
  return kind.includes(' · ') || !kind.includes('int') ? kind : `${kind} ${target}`;
}

/**
 * Few cells that have all there is between them: always the one that brings most for its time.
 * @template {Coverable} T
 * @param {readonly T[]} cells
 */
export function covering(cells) {
  const missing = new Set(cells.flatMap(({ covers }) => covers));
  const chosen = [];
  while (missing.size > 0) {
    const worth = (/** @type {Coverable} */ { covers, model, recipe }) =>
      covers.filter((item) => missing.has(item)).length / (model.seconds + secondsOf(recipe));
    const best = cells.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    chosen.push(best);
    for (const item of best.covers) missing.delete(item);
  }
  return chosen;
}
