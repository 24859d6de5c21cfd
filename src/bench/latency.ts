/**
 * Latency of a run beside the original: A B A B, so that whatever slows the device down hits both.
 * A benchmark in a hidden tab is discarded, because browsers throttle those.
 */
import type { Latency } from '../report/report.ts';
import { mean, median, medianWithInterval, percentile } from '../report/statistics.ts';
import { pause } from './pause.ts';

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
  const { baseline, run, warmUp, repetitions, signal, isVisible, onPair } = request;
  const baselineMs: number[] = [];
  const runMs: number[] = [];
  for (let pair = 0; pair < warmUp + repetitions; pair++) {
    await pause();
    signal.throwIfAborted();
    if (isVisible?.() === false) return HIDDEN;
    const first = await baseline();
    const second = run ? await run() : null;
    signal.throwIfAborted();
    if (isVisible?.() === false) return HIDDEN;
    if (pair >= warmUp) {
      baselineMs.push(first);
      if (second !== null) runMs.push(second);
    }
    onPair?.(pair + 1, warmUp + repetitions);
  }
  const ratios = runMs.map((duration, index) => duration / (baselineMs[index] ?? Number.NaN));
  const ratio = medianWithInterval(ratios);
  return {
    kind: 'measured',
    baseline: latencyOf(baselineMs, request, null),
    run: run && latencyOf(runMs, request, ratio && { ...ratio, originalP50Ms: median(baselineMs) }),
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
