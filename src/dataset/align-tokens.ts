/** Where two tokenizers with some tokens in common split the same text at the same place. */
import type { TokenPlaces } from './rows.ts';

/**
 * For each token of `original` the index of the token of `own` that ends where it does, −1 where
 * none does. From the first place on at which they do not spell the same, all are −1.
 * - `original`, `own` — what each token spells, of one text; null is spelled by nothing
 */
export function alignTokens(
  original: readonly (string | null)[],
  own: readonly (string | null)[],
): number[] {
  const ends = original.map(() => -1);
  let [wanted, given] = ['', ''];
  let next = 0;
  for (const [at, token] of original.entries()) {
    if (token === null) return ends;
    wanted += token;
    while (given.length < wanted.length && next < own.length) {
      const spelled = own[next];
      if (spelled === null || spelled === undefined) return ends;
      given += spelled;
      next++;
    }
    if (given.length < wanted.length) return ends;
    if (given.length > wanted.length) continue;
    if (given !== wanted) return ends;
    ends[at] = next - 1;
    [wanted, given] = ['', ''];
  }
  return ends;
}

/**
 * - `length` — of the run's own tokens
 * - `fixedLength` — to which rows are padded; null if they are not
 */
export const placesOf = (
  ends: readonly number[],
  length: number,
  fixedLength: number | null,
): TokenPlaces => ({
  ends,
  originalLength: fixedLength ?? ends.length,
  length: fixedLength ?? length,
});
