/** How close the outputs of a run are to the original's on the same rows. */
import type { Backend } from '../core/backend.ts';
import type { AnswerOutput, EmbeddingOutput, Readout } from '../dataset/readout.ts';
import type { Feeds, TokenPlaces } from '../dataset/rows.ts';
import type { Fidelity } from '../report/report.ts';
import { alignOutputs, inTokensOfRun, type TokenLogits } from './align-outputs.ts';
import { answersOf, sameAnswers } from './answers.ts';
import { Closeness } from './closeness.ts';
import { floatsOf, type Outputs, type OutputTensor } from './outputs.ts';
import { PairSimilarities } from './pair-similarities.ts';
import { RatioOfSums } from './ratio-of-sums.ts';
import { embeddingIn, logSumExp } from './read-row.ts';

export class FidelityMeter {
  readonly #answer: AnswerOutput | null;
  readonly #embedding: EmbeddingOutput | null;
  /** Outputs that are read, of runs with tokens of their own. */
  readonly #read: readonly string[];
  readonly #logits: TokenLogits | null;
  readonly #pairs = new PairSimilarities();
  readonly #closeness = new Closeness();
  #rows = 0;
  #positions = 0;
  #agreeing = 0;
  #differingRows = 0;
  readonly #divergence = new RatioOfSums();

  /** - `readout` — without an answer KL and agreement are left out, without an embedding pairs */
  constructor(readout: Readout, logits: TokenLogits | null = null) {
    const { answer, embedding, number, others } = readout;
    this.#answer = answer;
    this.#embedding = embedding;
    const read = answer?.name ?? embedding?.name ?? number;
    this.#read = read === null ? others : [read];
    this.#logits = logits;
  }

  /**
   * - `feeds` — of the run's row, whose mask says which of its tokens an embedding is of
   * - `places` — of a run with tokens of its own; null where they are the original's
   */
  add(original: Outputs, run: Outputs, feeds: Feeds = {}, places: TokenPlaces | null = null): void {
    this.#rows++;
    const shared = inTokensOfRun(original, this.#logits);
    const both = places ? alignOutputs(shared, run, this.#read, places) : { original: shared, run };
    this.#closeness.add(both.original, both.run);
    if (this.#embedding) this.#addEmbedding(this.#embedding, original, run, feeds, places);
    const { name = '', logits = false } = this.#answer ?? {};
    const [wanted, given] = [both.original[name], both.run[name]];
    if (!wanted || !given) return;
    const { same, of } =
      places && this.#logits?.name === name
        ? sameTokens(original[name], run[name], this.#logits, places)
        : sameAnswers(wanted, given);
    this.#positions += of;
    this.#agreeing += same;
    if (same < of) this.#differingRows++;
    if (logits) this.#divergence.add(divergenceSum(wanted, given), of);
  }

  /** Each is the mean over its own tokens, whether or not they are the same. */
  #addEmbedding(
    embedding: EmbeddingOutput,
    original: Outputs,
    run: Outputs,
    feeds: Feeds,
    places: TokenPlaces | null,
  ): void {
    const { mask } = embedding;
    const own = mask === null ? null : (feeds[mask]?.data ?? null);
    const theirs = places && mask !== null ? maskOf(places) : own;
    this.#pairs.add(embeddingIn(original, embedding, theirs), embeddingIn(run, embedding, own));
  }

  /** Figures for the rows so far; null if no output of any row could be compared. */
  result(backend: Backend): Fidelity | null {
    if (this.#closeness.count === 0) return null;
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

/** Of the places that both have: the original may choose a token that the run has not. */
function sameTokens(
  original: OutputTensor | undefined,
  run: OutputTensor | undefined,
  { originalIds }: TokenLogits,
  { ends }: TokenPlaces,
): { readonly same: number; readonly of: number } {
  const wanted = original ? answersOf(original) : [];
  const given = run ? answersOf(run) : [];
  let [same, of] = [0, 0];
  for (const [at, end] of ends.entries()) {
    if (end < 0) continue;
    of++;
    if (originalIds[given[end] ?? -1] === wanted[at]) same++;
  }
  return { same, of };
}

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
