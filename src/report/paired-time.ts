/**
 * How long a run takes against its original, timed by turns with it. Milliseconds of two runs come
 * from different minutes of a device that is not always as fast; these shares compare. Every screen,
 * table and file takes its figures of speed from here, so that they fit each other.
 */
import type { Backend } from '../core/backend.ts';
import { measurementOn } from './backend-of-run.ts';
import { formatMs, formatMsValue, formatSpeed, formatTimes, isAsFast } from './format.ts';
import type { Interval, Latency, PairedRatio, RunReport } from './report.ts';
import { median, medianWithInterval } from './statistics.ts';

export interface PairedTime {
  /** Own time over the original's: 0.5 is twice as fast. */
  readonly ratio: number;
  readonly interval: Interval;
}

const ITSELF: PairedTime = { ratio: 1, interval: { low: 1, high: 1 } };

/**
 * Run over original, pair by pair; null if the pairs are too few for an interval.
 * - `runMs`, `originalMs` — milliseconds, in the order of the pairs
 */
export function pairedRatio(
  runMs: readonly number[],
  originalMs: readonly number[],
): PairedRatio | null {
  const ratios = runMs.map((own, pair) => own / (originalMs[pair] ?? Number.NaN));
  const ratio = medianWithInterval(ratios);
  return ratio && { ...ratio, originalP50Ms: median(originalMs) };
}

/**
 * The ratio is that of the two medians, which are told beside it, so that they divide to it. Its
 * interval is the distribution-free one of the pairs' ratios, made wider where it leaves that out:
 * as pairs are slowed down together, both estimate the same, and a wider interval covers no less.
 * null without an original beside it, or of too few pairs to say.
 */
export function pairedTimeOf({
  p50Ms,
  ratio,
}: Pick<Latency, 'p50Ms' | 'ratio'>): PairedTime | null {
  if (!ratio) return null;
  const { median: ofPairs, interval, originalP50Ms } = ratio;
  // A coarse clock may read 0.
  const ofMedians = p50Ms > 0 && originalP50Ms > 0 ? p50Ms / originalP50Ms : ofPairs;
  return {
    ratio: ofMedians,
    interval: {
      low: Math.min(interval.low, ofMedians),
      high: Math.max(interval.high, ofMedians),
    },
  };
}

/** null if it was not timed on `backend`, or in too few pairs to say. */
export function pairedTime(
  run: Pick<RunReport, 'kind' | 'measurements'>,
  backend: Backend,
): PairedTime | null {
  const latency = measurementOn(run, backend)?.latency;
  if (!latency) return null;
  return run.kind === 'baseline' ? ITSELF : pairedTimeOf(latency);
}

/** Slower than the original beyond noise. */
export const isSlower = (latency: Latency | null | undefined): boolean =>
  ((latency && pairedTimeOf(latency))?.interval.low ?? 0) > 1;

/** How many times as fast as the original: "×2.9", "×0.33", "as fast" within noise, "×1" for itself. */
export function speedTimes(time: PairedTime | null): string {
  if (!time) return '×1';
  return isAsFast(time.interval) ? 'as fast' : formatTimes(1 / time.ratio);
}

/** "×2.5 to ×3.1": the 95 % interval of how many times as fast. */
export const speedInterval = ({ interval }: Pick<PairedTime, 'interval'>): string =>
  `${formatTimes(1 / interval.high)} to ${formatTimes(1 / interval.low)}`;

/** Ends of an interval that are further apart than this say so wherever the speed stands. */
const STEADY = 1.25;

/** The pairs differ so much that the speed alone would say more than was measured. */
export const isUnsteady = ({ interval }: Pick<PairedTime, 'interval'>): boolean =>
  interval.high > STEADY * interval.low;

/** "×1.6"; of pairs that differ much "×1.6 (×1.2 to ×2.5)". */
export const speedWords = (time: PairedTime | null): string =>
  time && isUnsteady(time) ? `${speedTimes(time)} (${speedInterval(time)})` : speedTimes(time);

/** For cells of one line: "×1.6 (×1.2 to ×2.5), 101 of 161 ms". */
export const speedCell = (latency: Latency): string =>
  `${speedWords(pairedTimeOf(latency))}, ${pairMs(latency)}`;

/** In a sentence: "1.9× faster", with what is to be told beside it: "within noise", its interval. */
export function speedClause(latency: Latency): { words: string; asides: readonly string[] } | null {
  const time = pairedTimeOf(latency);
  if (!time) return null;
  return {
    words: formatSpeed(time),
    asides: [
      ...(isAsFast(time.interval) ? ['within noise'] : []),
      ...(isUnsteady(time) ? [`95 % CI ${speedInterval(time)}`] : []),
    ],
  };
}

/** Both times of the same pairs, for cells: "223 of 645 ms"; of the original alone "365 ms". */
export function pairMs({ p50Ms, ratio }: Latency): string {
  return ratio ? `${formatMsValue(p50Ms)} of ${formatMs(ratio.originalP50Ms)}` : formatMs(p50Ms);
}

/** The same in words: "223 ms, original 645 ms in the same pairs". */
export function pairWords({ p50Ms, ratio }: Latency): string {
  const own = formatMs(p50Ms);
  return ratio ? `${own}, original ${formatMs(ratio.originalP50Ms)} in the same pairs` : own;
}
