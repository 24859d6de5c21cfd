/** A mean over the positions of rows of unequal length, with what it may be off by. */
import type { Interval } from '../report/report.ts';

/** Of the normal distribution. */
const Z_95 = 1.96;

export class RatioOfSums {
  #rows = 0;
  #value = 0;
  #count = 0;
  #valueSquares = 0;
  #valueCounts = 0;
  #countSquares = 0;

  /** A row whose `count` positions have `value` between them. */
  add(value: number, count: number): void {
    this.#rows += 1;
    this.#value += value;
    this.#count += count;
    this.#valueSquares += value * value;
    this.#valueCounts += value * count;
    this.#countSquares += count * count;
  }

  get ratio(): number {
    return this.#value / this.#count;
  }

  /**
   * 95 % over rows, not below 0; null for fewer than two. The standard error of a ratio of means,
   * rows being what was drawn (Cochran, Sampling Techniques, 6.4).
   */
  get interval(): Interval | null {
    const { ratio } = this;
    if (this.#rows < 2 || !Number.isFinite(ratio)) return null;
    const squares =
      this.#valueSquares - 2 * ratio * this.#valueCounts + ratio * ratio * this.#countSquares;
    const spread = Math.max(0, squares) * (this.#rows / (this.#rows - 1));
    const half = (Z_95 * Math.sqrt(spread)) / this.#count;
    return { low: Math.max(0, ratio - half), high: ratio + half };
  }
}
