/**
 * How the settings of the preset "Even smaller, faster" are chosen, said before anything is run:
 * which there are, what they must keep to, and which of those that do is taken.
 */

/** @import { HybridSettings } from './recipes.mjs' */
/**
 * @typedef {{ low: number, high: number }} Interval
 * @typedef {{ settings: HybridSettings, byteLength: number, klMean: number | null, ratio: Interval | null }} Tried
 * `klMean` and `ratio` (95 % interval of the paired latency ratio) are null where it was not run.
 */

/** @type {HybridSettings[]} */
export const CANDIDATES = [0.5, 0.6].flatMap((neurons) =>
  [0.25, 0.35].flatMap((heads) =>
    [3, 4].flatMap((tableBits) =>
      [true, false].map((symmetric) => ({ neurons, heads, tableBits, symmetric })),
    ),
  ),
);

/** Of the original: bytes, and latency on WASM with one thread at batch 1 and 32 tokens. */
export const BOUNDS = { bytes: 1 / 10, ratio: 0.33 };

/**
 * Whether a plan, which is exact, keeps to the bytes; what does not is never run.
 * @param {number} byteLength
 * @param {number} original
 */
export const fits = (byteLength, original) => byteLength <= BOUNDS.bytes * original;

/**
 * Of the candidates that keep to both bounds, the one whose answers stay closest to the original's:
 * least mean KL over held-back rows, then fewest bytes. By KL and not by accuracy: of 500 rows the
 * standard error of an accuracy is 1.6 points, more than candidates differ by, while KL reads every
 * row's probabilities. A ratio whose interval holds the bound, as beside other work, settles nothing:
 * a candidate that is out for good is passed over, one that may be in is not, and what is found is
 * then no choice yet.
 * @template {Tried} T
 * @param {readonly T[]} tried
 * @param {number} original bytes
 * @returns {{ found: T, settled: boolean } | null}
 */
export function choose(tried, original) {
  const able = tried.flatMap((it) => {
    const { byteLength, klMean, ratio } = it;
    const isOut = !fits(byteLength, original) || klMean === null || ratio === null;
    return isOut || ratio.low > BOUNDS.ratio ? [] : [{ it, klMean, ratio }];
  });
  const [best] = able.sort((a, b) => a.klMean - b.klMean || a.it.byteLength - b.it.byteLength);
  return best ? { found: best.it, settled: best.ratio.high <= BOUNDS.ratio } : null;
}
