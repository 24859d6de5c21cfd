/**
 * Latency of a run beside the original: A B A B, so that whatever slows the device down hits both.
 * A benchmark in a hidden tab is discarded, because browsers throttle those.
 */
import { pairedRatio } from '../report/paired-time.ts';
import type { Latency } from '../report/report.ts';
import { mean, median, percentile } from '../report/statistics.ts';
import { pause } from './pause.ts';

/** The fewest pairs with a 95 % interval of the median. */
export const LEAST_REPETITIONS = 6;

export interface RoundsRequest {
  /** Milliseconds of one run each, the original's first. */
  readonly timers: readonly (() => Promise<number>)[];
  readonly warmUp: number;
  readonly repetitions: number;
  readonly signal: AbortSignal;
  /** Whether the page can be seen, asked before and after each round. */
  readonly isVisible?: () => boolean;
  readonly onRound?: (done: number, total: number, times: readonly number[]) => void;
}

/**
 * Rounds after the warm-up, each with a time of every timer in their order; null if the page was
 * hidden meanwhile.
 * @throws whatever the timers throw; AbortError if `signal` is aborted
 */
export async function timeRounds(request: RoundsRequest): Promise<readonly number[][] | null> {
  const { timers, warmUp, repetitions, signal, isVisible, onRound } = request;
  const rounds: number[][] = [];
  for (let round = 0; round < warmUp + repetitions; round++) {
    await pause();
    signal.throwIfAborted();
    if (isVisible?.() === false) return null;
    const times: number[] = [];
    for (const timer of timers) times.push(await timer());
    signal.throwIfAborted();
    if (isVisible?.() === false) return null;
    if (round >= warmUp) rounds.push(times);
    onRound?.(round + 1, warmUp + repetitions, times);
  }
  return rounds;
}

interface RoundsPlan extends Pick<RoundsRequest, 'timers' | 'warmUp' | 'repetitions'> {
  readonly budgetMs: number;
}

/**
 * As many rounds as `budgetMs` allows, at least the fewest with an interval. Asks every timer
 * twice: the first run compiles, the second says how long they take.
 */
export async function affordableRounds({
  timers,
  warmUp,
  repetitions,
  budgetMs,
}: RoundsPlan): Promise<Pick<RoundsRequest, 'warmUp' | 'repetitions'>> {
  const round = async () => {
    let sum = 0;
    for (const timer of timers) sum += await timer();
    return sum;
  };
  await round();
  const affordable = Math.floor(budgetMs / (await round()));
  return {
    warmUp: affordable < warmUp + LEAST_REPETITIONS ? 1 : warmUp,
    repetitions: Math.max(LEAST_REPETITIONS, Math.min(repetitions, affordable - warmUp)),
  };
}

export interface LatencyRequest {
  /** Milliseconds of one run of the original. */
  readonly baseline: () => Promise<number>;
  /** Milliseconds of one run of the compressed model; null times the original alone. */
  readonly run: (() => Promise<number>) | null;
  readonly warmUp: number;
  readonly repetitions: number;
  /** "1 × 32 tokens". */
  readonly input: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Whether the page can be seen, asked before and after each pair. */
  readonly isVisible?: () => boolean;
  readonly onPair?: (done: number, total: number) => void;
}

export type LatencyOutcome =
  | { readonly kind: 'measured'; readonly baseline: Latency; readonly run: Latency | null }
  /** `reason` is a sentence: "The tab was hidden, …". */
  | { readonly kind: 'discarded'; readonly reason: string };

/** @throws whatever the timed functions throw; AbortError if `signal` is aborted */
export async function measureLatency(request: LatencyRequest): Promise<LatencyOutcome> {
  const { baseline, run, onPair } = request;
  const rounds = await timeRounds({
    ...request,
    timers: run ? [baseline, run] : [baseline],
    ...(onPair && { onRound: onPair }),
  });
  if (!rounds) return HIDDEN;
  const baselineMs = rounds.flatMap(([first]) => first ?? []);
  const runMs = rounds.flatMap(([, second]) => second ?? []);
  const originalIqrMs = percentile(baselineMs, 0.75) - percentile(baselineMs, 0.25);
  return {
    kind: 'measured',
    baseline: { ...latencyOf(baselineMs, request, null), originalIqrMs },
    run: run && { ...latencyOf(runMs, request, pairedRatio(runMs, baselineMs)), originalIqrMs },
  };
}

const HIDDEN: LatencyOutcome = {
  kind: 'discarded',
  reason: 'The tab was hidden, and browsers slow hidden tabs down. Benchmark again in sight.',
};

function latencyOf(
  durationsMs: readonly number[],
  { warmUp, input, threads }: LatencyRequest,
  ratio: Latency['ratio'],
): Latency {
  return {
    warmUp,
    repetitions: durationsMs.length,
    p50Ms: median(durationsMs),
    p95Ms: percentile(durationsMs, 0.95),
    meanMs: mean(durationsMs),
    input,
    threads,
    ratio,
  };
}
