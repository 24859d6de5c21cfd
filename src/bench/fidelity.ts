/** How close the outputs of a run are to the original's on the same rows. */
import type { Backend } from '../core/backend.ts';
import type { AnswerOutput, EmbeddingOutput, Readout } from '../dataset/readout.ts';
import type { Feeds, TokenPlaces } from '../dataset/rows.ts';
import type { Fidelity } from '../report/report.ts';
import { alignOutputs, type TokenLogits } from './align-outputs.ts';
import { sameAnswers } from './answers.ts';
import { Closeness } from './closeness.ts';
import { floatsOf, type Outputs, type OutputTensor } from './outputs.ts';
import { PairSimilarities } from './pair-similarities.ts';
import { RatioOfSums } from './ratio-of-sums.ts';
import { embeddingIn, logSumExp } from './read-row.ts';

export class FidelityMeter {
  readonly #answer: AnswerOutput | null;
  readonly #embedding: EmbeddingOutput | null;
  readonly #pairs = new PairSimilarities();
  readonly #closeness = new Closeness();
  readonly #logits: TokenLogits | null;
  #rows = 0;
  #positions = 0;
  #agreeing = 0;
  #differingRows = 0;
  readonly #divergence = new RatioOfSums();

  /**
   * - `readout` — without an answer KL and agreement are left out, without an embedding pairs
   * - `originalIds` — of a run that predicts tokens of its own (`Dataset.originalIds`)
   */
  constructor(
    { answer, embedding }: Pick<Readout, 'answer' | 'embedding'>,
    originalIds?: readonly number[],
  ) {
    this.#answer = answer;
    this.#embedding = embedding;
    this.#logits = answer && originalIds ? { name: answer.name, originalIds } : null;
  }

  /**
   * - `feeds` — of the run's row, whose mask says which of its tokens an embedding is of
   * - `places` — of a run with a tokenizer of its own
   */
  add(
    givenOriginal: Outputs,
    givenRun: Outputs,
    feeds: Feeds = {},
    places: TokenPlaces | null = null,
  ): void {
    this.#rows++;
    const { original, run } = alignOutputs(givenOriginal, givenRun, places, this.#logits);
    this.#closeness.add(original, run);
    if (this.#embedding) {
      const { mask } = this.#embedding;
      const own = mask === null ? null : (feeds[mask]?.data ?? null);
      const wanted = places && mask !== null ? maskOf(places) : own;
      this.#pairs.add(
        embeddingIn(givenOriginal, this.#embedding, wanted),
        embeddingIn(givenRun, this.#embedding, own),
      );
    }
    const wanted = this.#answer ? original[this.#answer.name] : undefined;
    const given = this.#answer ? run[this.#answer.name] : undefined;
    if (!wanted || !given) return;
    const { same, of } = sameAnswers(wanted, given);
    this.#positions += of;
    this.#agreeing += same;
    if (same < of) this.#differingRows++;
    if (this.#answer?.logits) this.#divergence.add(divergenceSum(wanted, given), of);
  }

  /** Figures for the rows so far. */
  result(backend: Backend): Fidelity {
    const answered = this.#positions > 0;
    const mean = this.#divergence.ratio;
    const comparable = answered && this.#answer?.logits && Number.isFinite(mean);
    return {
      backend,
      rows: this.#rows,
      cosine: this.#closeness.cosine,
      sqnrDb: this.#closeness.sqnrDb,
      klMean: comparable ? mean : null,
      klInterval: comparable ? this.#divergence.interval : null,
      top1Agreement: answered ? this.#agreeing / this.#positions : null,
      differingRows: answered ? this.#differingRows : null,
      pairSpearman: this.#embedding ? this.#pairs.spearman : null,
    };
  }
}

const maskOf = ({ ends, originalLength }: TokenPlaces): Uint8Array =>
  new Uint8Array(originalLength).fill(1, 0, ends.length);

/** Σ over positions of KL(softmax original ‖ softmax run) in nats, float64. */
function divergenceSum(original: OutputTensor, run: OutputTensor): number {
  const p = floatsOf(original);
  const q = floatsOf(run);
  const width = original.dims.at(-1) ?? 1;
  if (!p || !q || width === 0) return Number.NaN;
  let sum = 0;
  for (let start = 0; start < p.length; start += width) {
    sum += divergence(p.subarray(start, start + width), q.subarray(start, start + width));
  }
  return sum;
}

/**
 * KL(softmax `original` ‖ softmax `run`) in nats, both from logits, in float64.
 * Not finite if the run gives something that is not, where the original gives a chance to it.
 */
export function divergence(original: Float32Array, run: Float32Array): number {
  const logSumP = logSumExp(original);
  const logSumQ = logSumExp(run);
  let sum = 0;
  for (const [index, value] of original.entries()) {
    const logP = value - logSumP;
    const p = Math.exp(logP);
    if (p > 0) sum += p * (logP - ((run[index] ?? 0) - logSumQ));
  }
  return Math.max(0, sum); // a NaN stays one; rounding may give −1e-17
}
