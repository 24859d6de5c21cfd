/** Running sums over pairs of outputs, in float64, from which closeness is read at the end. */
import { assert } from '../core/assert.ts';
import { floatsOf, type Outputs } from './outputs.ts';

/** What identical outputs read as: JSON has no infinity, and float32 reaches about 150 dB. */
export const IDENTICAL_SQNR_DB = 300;

export class Closeness {
  #product = 0;
  #original = 0;
  #run = 0;
  #error = 0;
  /** Elements that were compared. */
  count = 0;
  /** Largest absolute difference. */
  largestDifference = 0;
  /** Elements that are not finite where the original's are. */
  brokenCount = 0;

  /**
   * Adds all float outputs of one row. An element that the original does not give finite is left
   * out; one that only the run breaks counts as 0, the answer it fails to give.
   */
  add(original: Outputs, run: Outputs): void {
    for (const [name, output] of Object.entries(original)) {
      const wanted = floatsOf(output);
      if (!wanted) continue;
      const other = run[name];
      const given = other ? floatsOf(other) : null;
      assert(given, `the run has no float output ${name}`);
      assert(
        given.length === wanted.length,
        `${name}: ${given.length} for ${wanted.length} values`,
      );
      this.#addValues(wanted, given);
    }
  }

  #addValues(wanted: Float32Array, given: Float32Array): void {
    for (let index = 0; index < wanted.length; index++) {
      const a = wanted[index] ?? 0;
      if (!Number.isFinite(a)) continue;
      let b = given[index] ?? 0;
      if (!Number.isFinite(b)) {
        this.brokenCount++;
        b = 0;
      }
      const difference = a - b;
      this.count++;
      this.#product += a * b;
      this.#original += a * a;
      this.#run += b * b;
      this.#error += difference * difference;
      this.largestDifference = Math.max(this.largestDifference, Math.abs(difference));
    }
  }

  /** Cosine of all outputs so far, concatenated; 1 if both are all zeros, 0 if one is. */
  get cosine(): number {
    if (this.#error === 0) return 1;
    if (this.#original === 0 || this.#run === 0) return 0;
    const cosine = this.#product / Math.sqrt(this.#original) / Math.sqrt(this.#run);
    return Math.min(1, Math.max(-1, cosine));
  }

  /** 10 log₁₀(Σ original² / Σ error²); at most 300 dB, which identical outputs read. */
  get sqnrDb(): number {
    if (this.#error === 0) return IDENTICAL_SQNR_DB;
    const ratio = Math.max(this.#original, Number.MIN_VALUE) / this.#error;
    return Math.min(IDENTICAL_SQNR_DB, Math.max(-IDENTICAL_SQNR_DB, 10 * Math.log10(ratio)));
  }
}
