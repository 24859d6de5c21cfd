/**
 * The truth check: does the compressed file compute, on this backend, what the original computes
 * on WASM? It fails if something is not finite where the original is; if the same bytes on another
 * backend give a cosine below 0.999 or other answers on more than 1 % of the rows (one miss is
 * always allowed); or if the cosine to the original is below a floor. Where a row has an answer at
 * every position (a language model), those are counted, and two tokens as likely as each other to
 * one point are one answer: between them rounding decides.
 */
import type { Backend } from '../core/backend.ts';
import type { AnswerOutput } from '../dataset/readout.ts';
import type { Rows } from '../dataset/rows.ts';
import { backendLabel } from '../report/format.ts';
import { isSlower } from '../report/paired-time.ts';
import type { Latency, TruthCheck, WeightRow } from '../report/report.ts';
import { inTokensOfRun, type TokenLogits } from './align-outputs.ts';
import { sameAnswers } from './answers.ts';
import { Closeness } from './closeness.ts';
import type { Outputs } from './outputs.ts';
import { pacer } from './pause.ts';
import type { Session } from './session.ts';

export const TRUTH_BUDGET_MS = 10_000;
export const TRUTH_MINIMUM_ROWS = 16;
const SAME_BYTES_COSINE = 0.999;
const SAME_BYTES_MISSES = 0.01;
/** Difference of probabilities below which the choice between two tokens is none. */
const TIE = 0.01;

/** Of files that may differ for that; whether this one does, exact products tell. */
const ROUNDED =
  'The file rounds its inputs to 8 bits as it runs, where floats that differ in their last digits can fall on either side.';

/** How much the outputs may be noisier than the weights' noises added up. */
const NOISE_MARGIN = 4;
const FLOOR_AT_8_BITS = 0.9;
const FLOOR_BELOW_8_BITS = 0.6;

/**
 * The floor for the cosine to the original. If every weight's noise reached the outputs in full,
 * their noise-to-signal ratio would be n = Σ 10^(−SQNR/10) over the weights and the cosine
 * 1/√(1 + n); the floor allows four times that n and is never above 0.9, or 0.6 once a weight has
 * fewer than 8 bits, or none because its block is dropped: a wrong kernel gives a cosine near 0, and
 * that is what it has to catch.
 */
export function noiseFloor(weights: readonly WeightRow[]): number {
  const changed = weights.filter(({ sqnrDb, reason }) => sqnrDb !== null && reason === null);
  const noise = changed.reduce((sum, { sqnrDb }) => sum + 10 ** (-(sqnrDb ?? 0) / 10), 0);
  const isDropped = ({ technique, bytesAfter, reason }: WeightRow) =>
    technique !== null && bytesAfter === 0 && reason === null;
  const isLow = changed.some(({ bitsPerWeight }) => bitsPerWeight < 8) || weights.some(isDropped);
  const cap = isLow ? FLOOR_BELOW_8_BITS : FLOOR_AT_8_BITS;
  return Math.min(cap, 1 / Math.sqrt(1 + NOISE_MARGIN * noise));
}

export class TruthMeter {
  readonly #answer: AnswerOutput | null;
  readonly #logits: TokenLogits | null;
  readonly #toOriginal = new Closeness();
  readonly #toOther = new Closeness();
  #rows = 0;
  #answers = 0;
  #sameAsOriginal = 0;
  #comparedToOther = 0;
  #otherAnswers = 0;

  /**
   * - `answer` — null for models whose outputs are no choice: rows then agree at cosine 0.999
   * - `logits` — of a run with fewer tokens than the original; null where they are the same
   */
  constructor(answer: AnswerOutput | null, logits: TokenLogits | null = null) {
    this.#answer = answer;
    this.#logits = logits;
  }

  /**
   * - `original` — of the original on WASM, given what the run was given
   * - `run` — of the compressed bytes on the checked backend
   * - `other` — of the same bytes on another backend; null if there is none
   */
  add(original: Outputs, run: Outputs, other: Outputs | null): void {
    this.#rows++;
    const wanted = inTokensOfRun(original, this.#logits);
    this.#toOriginal.add(wanted, run);
    const toOriginal = this.#compare(wanted, run, 0);
    this.#answers += toOriginal.of;
    this.#sameAsOriginal += toOriginal.same;
    if (!other) return;
    this.#toOther.add(other, run);
    const toOther = this.#compare(other, run, TIE);
    this.#comparedToOther += toOther.of;
    this.#otherAnswers += toOther.of - toOther.same;
  }

  /** How many answers of a row are the same, of how many: one, or one a position. */
  #compare(wanted: Outputs, given: Outputs, tie: number): { same: number; of: number } {
    const [a, b] = this.#answer ? [wanted[this.#answer.name], given[this.#answer.name]] : [];
    if (a && b) return sameAnswers(a, b, this.#answer?.logits ? tie : 0);
    const row = new Closeness();
    row.add(wanted, given);
    const agrees = row.brokenCount === 0 && row.cosine >= SAME_BYTES_COSINE;
    return { same: Number(agrees), of: 1 };
  }

  /**
   * - `floor` — from `noiseFloor`
   * - `other` — where the same bytes gave the outputs that were compared
   * - `rounds` — whether the file rounds activations to 8 bits as it runs
   */
  result(floor: number, other: Backend, rounds = false): TruthCheck {
    const wrong = this.#wrong(floor);
    const unlike = wrong === null ? this.#unlike(backendLabel(other), rounds) : null;
    const failure = wrong ?? unlike;
    return {
      verdict: failure === null ? 'agrees' : 'fails',
      rows: this.#rows,
      cosine: this.#toOriginal.cosine,
      sameAnswers: this.#sameAsOriginal,
      ...(this.#answers !== this.#rows && { answers: this.#answers }),
      floor,
      largestDifference: this.#toOriginal.largestDifference,
      failure,
      ...(unlike !== null && { differsFrom: other }),
    };
  }

  /** Against the original. */
  #wrong(floor: number): string | null {
    const broken = this.#toOriginal.brokenCount;
    if (broken > 0) return `${broken} output values are not finite where the original's are.`;
    const { cosine } = this.#toOriginal;
    return cosine < floor
      ? `Outputs are too far from the original's (cosine ${cosine.toFixed(4)}, floor ${floor.toFixed(4)}).`
      : null;
  }

  /** Against the same bytes on another backend. */
  #unlike(otherName: string, rounds: boolean): string | null {
    const compared = this.#comparedToOther;
    if (compared === 0) return null;
    const same = this.#toOther.cosine;
    const misses = this.#otherAnswers;
    const allowed = Math.max(1, Math.floor(SAME_BYTES_MISSES * compared));
    if (same >= SAME_BYTES_COSINE && misses <= allowed) return null;
    const of = this.#answers === this.#rows ? 'rows' : 'positions';
    const cause = rounds ? ` ${ROUNDED}` : '';
    const answers = `${misses} of ${compared} ${of} answered otherwise, at most ${allowed} allowed`;
    return same < SAME_BYTES_COSINE
      ? `Its outputs there are not those that it gives on ${otherName} (cosine of the two ${same.toFixed(4)}, at least ${SAME_BYTES_COSINE} expected; ${answers}).${cause}`
      : `Its answers there are not those that it gives on ${otherName} (${answers}).${cause}`;
  }
}

/** An agreeing check whose paired latency interval lies above the original's is "agrees, slow". */
export function withLatency(truth: TruthCheck, latency: Latency | null): TruthCheck {
  return truth.verdict === 'agrees' && isSlower(latency)
    ? { ...truth, verdict: 'agrees-slow' }
    : truth;
}

/** Rows as far as `budgetMs` allows, at least 16, in order; fewer only if there are fewer. */
export async function runForTruth(
  session: Pick<Session, 'run'>,
  rows: Rows,
  signal: AbortSignal,
  onRow: (index: number, outputs: Outputs) => void,
  budgetMs: number = TRUTH_BUDGET_MS,
): Promise<number> {
  const end = performance.now() + budgetMs;
  const breathe = pacer();
  let index = 0;
  while (index < rows.count && (index < TRUTH_MINIMUM_ROWS || performance.now() < end)) {
    await breathe();
    signal.throwIfAborted();
    const outputs = await session.run(await rows.feeds(index));
    signal.throwIfAborted();
    onRow(index, outputs);
    index++;
  }
  return index;
}
