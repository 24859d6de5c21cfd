/** The time of a stage whose work waits for passes over calibration rows, and what is left of both. */
export class StageClock {
  #since = performance.now();
  #workMs = 0;
  #passesMs = 0;
  #passes = 0;
  /** Of the pass that runs; 0 between passes. */
  #share = 0;

  get elapsedMs(): number {
    return this.#workMs + this.#passesMs;
  }

  /** What passed since the last call was another stage's. */
  resume(): void {
    this.#since = performance.now();
  }

  /** What passed since the last call was work. */
  worked(): void {
    this.#workMs += this.#lap();
  }

  /** What passed since the last call brought a pass to `done` of `total` rows. */
  passed(done: number, total: number): void {
    this.#passesMs += this.#lap();
    this.#share = done / total;
    if (done < total) return;
    this.#passes += 1;
    this.#share = 0;
  }

  /**
   * Milliseconds left; null while nothing of the work, or no pass, was seen to take time.
   * - `done`, `total` — in a measure of work; `passes` — to come after the one that runs
   */
  remainingMs(done: number, total: number, passes: number): number | null {
    if (done <= 0) return null;
    const work = (this.#workMs / done) * (total - done);
    const left = passes + (this.#share > 0 ? 1 - this.#share : 0);
    if (left === 0) return work;
    const seen = this.#passes + this.#share;
    return seen > 0 ? work + (this.#passesMs / seen) * left : null;
  }

  #lap(): number {
    const before = this.#since;
    this.#since = performance.now();
    return this.#since - before;
  }
}
