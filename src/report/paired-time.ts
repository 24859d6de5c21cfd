/**
 * How long a run takes against its original, timed by turns with it. Milliseconds of two runs come
 * from different minutes of a device that is not always as fast; these shares compare.
 */
import type { Backend } from '../core/backend.ts';
import { measurementOn } from './backend-of-run.ts';
import { backendLabel, formatMs, formatMsValue, formatTimes, isAsFast } from './format.ts';
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

/** null if it was not timed on `backend`, or in too few pairs to say. */
export function pairedTime(
  run: Pick<RunReport, 'kind' | 'measurements'>,
  backend: Backend,
): PairedTime | null {
  const latency = measurementOn(run, backend)?.latency;
  if (!latency) return null;
  if (run.kind === 'baseline') return ITSELF;
  return latency.ratio && { ratio: latency.ratio.median, interval: latency.ratio.interval };
}

/** How many times as fast as the original: "×2.9", "×0.33", "as fast" within noise, "×1" for itself. */
export function speedTimes(ratio: PairedRatio | null): string {
  if (!ratio) return '×1';
  return isAsFast(ratio.interval) ? 'as fast' : formatTimes(1 / ratio.median);
}

/** "×2.5 to ×3.1": the 95 % interval of how many times as fast. */
export const speedInterval = ({ interval }: Pick<PairedRatio, 'interval'>): string =>
  `${formatTimes(1 / interval.high)} to ${formatTimes(1 / interval.low)}`;

/** Ends of an interval that are further apart than this say so wherever the speed stands. */
const STEADY = 1.25;

/** The pairs differ so much that the speed alone would say more than was measured. */
export const isUnsteady = ({ interval }: Pick<PairedRatio, 'interval'>): boolean =>
  interval.high > STEADY * interval.low;

/** "×1.8"; of pairs that differ much "×1.8 (×1.3 to ×2.5)". */
export const speedWords = (ratio: PairedRatio | null): string =>
  ratio && isUnsteady(ratio) ? `${speedTimes(ratio)} (${speedInterval(ratio)})` : speedTimes(ratio);

/** From this much slower on the original is no steady reference. */
const BUSY = 1.5;

/**
 * Says that the device was busy, where the same original took much longer, or less, in the run's
 * pairs than by itself; null where it did not, or where that is not known.
 */
export function busyNote(
  run: Pick<RunReport, 'kind' | 'measurements'>,
  baseline: Pick<RunReport, 'measurements'>,
): string | null {
  for (const { backend, latency, software } of run.measurements) {
    const alone = measurementOn(baseline, backend)?.latency;
    const paired = latency?.ratio?.originalP50Ms;
    if (software || !alone || !latency || paired === undefined) continue;
    const same = alone.input === latency.input && alone.threads === latency.threads;
    const [more, less] = [Math.max(paired, alone.p50Ms), Math.min(paired, alone.p50Ms)];
    if (!same || more <= BUSY * less) continue;
    return `On ${backendLabel(backend)} the original took ${formatMs(paired)} in these pairs and ${formatMs(alone.p50Ms)} by itself: something else used the device meanwhile. Benchmark again when it is quiet.`;
  }
  return null;
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
