/** Whether a run finds the same rows alike: what embeddings are for. */
import { seededRandom } from '../core/random.ts';
import { spearman } from '../report/correlation.ts';
import { cosineOf } from './read-row.ts';

const ROWS_KEPT = 2048;
const MOST_PAIRS = 8192;
const LEAST_ROWS = 4;

/** The embeddings of the first rows under both models. */
export class PairSimilarities {
  readonly #original: Float32Array[] = [];
  readonly #run: Float32Array[] = [];

  add(original: Float32Array | null, run: Float32Array | null): void {
    if (!original || !run || original.length !== run.length) return;
    if (
      this.#original.length >= ROWS_KEPT ||
      original.length !== (this.#original[0] ?? original).length
    ) {
      return;
    }
    this.#original.push(original);
    this.#run.push(run);
  }

  /**
   * Spearman between the cosines of pairs of rows, of all pairs or of 8,192 drawn with a seed.
   * null below four rows.
   */
  get spearman(): number | null {
    const count = this.#original.length;
    if (count < LEAST_ROWS) return null;
    const pairs = pairsOf(count);
    const similarities = (of: readonly Float32Array[]) =>
      Float64Array.from(pairs, ([a, b]) => cosineOf(at(of, a), at(of, b)));
    return spearman(similarities(this.#original), similarities(this.#run));
  }
}

const at = (rows: readonly Float32Array[], index: number): Float32Array =>
  rows[index] ?? new Float32Array(0);

function pairsOf(count: number): (readonly [number, number])[] {
  if ((count * (count - 1)) / 2 <= MOST_PAIRS) {
    const rows = Array.from({ length: count }, (_, index) => index);
    return rows.flatMap((a) => rows.slice(a + 1).map((b) => [a, b] as const));
  }
  const random = seededRandom(1);
  return Array.from({ length: MOST_PAIRS }, () => {
    const a = random.below(count);
    const b = random.below(count - 1);
    return [a, b < a ? b : b + 1] as const;
  });
}
