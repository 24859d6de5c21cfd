/** Everything that one run measured, on exactly the bytes that Download gives. Plain JSON. */
import type { Backend } from '../core/backend.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Metric } from './metric.ts';
import type { ModelIdentity } from './model-summary.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface OutputFile {
  readonly path: string;
  readonly byteLength: number;
  readonly sha256: string;
}

export interface WeightRow {
  readonly name: string;
  readonly label: string;
  readonly op: string;
  readonly dims: readonly number[];
  readonly technique: string | null;
  readonly encoding: string;
  readonly bitsPerWeight: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /**
   * Signal to noise of the weight as the file stores it, in dB; null if it was left alone. What a
   * target adds as it runs (the 8-bit columns that `blocks-to-uint8` unpacks to round once more,
   * and 8-bit activations) is not in here: it shows in the run's fidelity and accuracy.
   */
  readonly sqnrDb: number | null;
  /** Largest |w − w′|, with w′ as the file stores it. */
  readonly maxAbsError: number | null;
  /** Why it was left alone, planned or because it failed. */
  readonly reason: string | null;
  readonly failed: boolean;
  /** What its method found worth telling: that plain rounding was better, say. Absent for nothing. */
  readonly note?: string;
}

/** Run over original, pair by pair. */
export interface PairedRatio {
  readonly median: number;
  readonly interval: Interval;
  /** The original's own p50 between the run's repetitions: a busy device slows both. */
  readonly originalP50Ms: number;
}

/** Latency in milliseconds over timed repetitions, interleaved with the baseline. */
export interface Latency {
  readonly warmUp: number;
  readonly repetitions: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly meanMs: number;
  /** Shape of the timed input: "1 × 64 tokens". */
  readonly input: string;
  readonly threads: number;
  /** Median of own / baseline time over the pairs with its 95 % interval; null for the baseline. */
  readonly ratio: PairedRatio | null;
  /**
   * Upper minus lower quartile of the original's times between these repetitions (of these, for the
   * baseline): what else the device did. Earlier reports lack it.
   */
  readonly originalIqrMs?: number;
}

/** Operators of the session as the runtime placed them. */
export interface Placement {
  readonly total: number;
  readonly onCpu: number;
  /** Operators that fell to the CPU in a WebGPU session, with counts. */
  readonly cpuOperators: readonly { readonly op: string; readonly count: number }[];
}

export interface TruthCheck {
  readonly verdict: 'agrees' | 'agrees-slow' | 'fails';
  readonly rows: number;
  /** Against the original on WASM, outputs of all rows concatenated. */
  readonly cosine: number;
  readonly sameAnswers: number;
  /** Answers compared, where a row has several; absent where it has one. */
  readonly answers?: number;
  /** Floor for `cosine`, derived from the noise of the weights. */
  readonly floor: number;
  readonly largestDifference: number;
  /** Why it fails, in a sentence; null if it does not. */
  readonly failure: string | null;
  /**
   * Where it fails only for that the same bytes give something else on this backend than on that
   * one; absent where it does not, and in earlier reports.
   */
  readonly differsFrom?: Backend;
}

export interface BackendMeasurement {
  readonly backend: Backend;
  /** What the browser calls the device: "google swiftshader", "WASM, 2 threads". */
  readonly device: string;
  /** The adapter is software: its times say nothing about a GPU. */
  readonly software: boolean;
  readonly sessionMs: number | null;
  readonly latency: Latency | null;
  readonly placement: Placement | null;
  readonly truth: TruthCheck | null;
  /** Why this backend has no figures; null if it has. */
  readonly failure: string | null;
  /** Why nothing was tried here: "needs about 9.6 GB; …"; absent where something was. */
  readonly skipped?: string;
  /** Why it was checked and not timed: "software adapter"; absent where it was. */
  readonly untimed?: string;
}

/** One metric of the scored rows. */
export interface Score {
  readonly metric: Metric;
  /** As defined: shares from 0 to 1, perplexity from 1. `metricInfo` says which way is better. */
  readonly value: number;
  /** 95 %: Wilson's for accuracy, else a percentile bootstrap over rows; null for too few rows. */
  readonly interval: Interval | null;
  /** Run minus baseline on the same rows, with its paired 95 % interval; null for the baseline. */
  readonly difference: { readonly value: number; readonly interval: Interval | null } | null;
}

/** How right the answers are: the task's own metric, and others of the same rows beside it. */
export interface Accuracy extends Score {
  readonly backend: Backend;
  /** Rows scored; of running text windows. */
  readonly rows: number;
  /** Rows answered right; null where rows are not right or wrong. */
  readonly correct: number | null;
  /** Macro-F1 beside accuracy, next-token accuracy beside perplexity. */
  readonly also: readonly Score[];
}

/** Closeness of outputs to the original's on the same rows. */
export interface Fidelity {
  readonly backend: Backend;
  readonly rows: number;
  readonly cosine: number;
  readonly sqnrDb: number;
  /** Mean KL(original ‖ run) of softmax outputs in nats; null where outputs are not logits. */
  readonly klMean: number | null;
  /** 95 % over rows, by the ratio of their sums; absent or null for fewer than two rows. */
  readonly klInterval?: Interval | null;
  /** Share of rows (or positions) with the same top answer; null where there is none. */
  readonly top1Agreement: number | null;
  readonly differingRows: number | null;
  /** Spearman between the similarities of pairs of rows, for embeddings; null for other outputs. */
  readonly pairSpearman: number | null;
}

/**
 * What each scored row gave, where an answer a row does not say it: so that two runs can be compared
 * on the same rows later. Not kept of more than 20,000 rows.
 */
export type RowScores =
  | {
      readonly task: 'next-token';
      /** Per window: Σ −ln p of its predicted tokens in nats, how many there are, and hits. */
      readonly loss: readonly number[];
      readonly predicted: readonly number[];
      readonly hits: readonly number[];
    }
  | {
      /** Of texts alone numbers; of pairs the cosine of their embeddings. */
      readonly task: 'number' | 'pairs';
      readonly given: readonly number[];
    };

export interface DatasetUse {
  readonly name: string;
  readonly kind: 'labelled' | 'unlabelled' | 'text' | 'synthetic';
  readonly rows: number;
  /** Rows there are to score: more than `rows` where scoring was stopped. Earlier reports lack it. */
  readonly given?: number;
  readonly batch: number;
  /** "cut at 64 tokens, no padding". */
  readonly preprocessing: string;
  /** The output that answers are read from; null if none is. */
  readonly output: string | null;
  /** Float outputs that only fidelity compares. */
  readonly otherOutputs: readonly string[];
}

export interface Phase {
  readonly name: string;
  readonly durationMs: number;
}

export interface RunReport {
  readonly format: 'whittle-report';
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly kind: 'baseline' | 'run';
  readonly startedAt: string;
  readonly model: ModelIdentity;
  readonly recipe: Recipe | null;
  readonly output: {
    readonly files: readonly OutputFile[];
    readonly byteLength: number;
    readonly gzipByteLength: number | null;
  };
  readonly weights: readonly WeightRow[];
  readonly measurements: readonly BackendMeasurement[];
  readonly accuracy: Accuracy | null;
  readonly fidelity: Fidelity | null;
  /** Class given to each scored row, in the data set's order; null where there is none. */
  readonly answers: readonly number[] | null;
  readonly rowScores?: RowScores;
  readonly dataset: DatasetUse | null;
  readonly phases: readonly Phase[];
  readonly compressedOn: { readonly device: string; readonly software: boolean } | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** Some weights failed and were left alone. */
  readonly partial: boolean;
}
