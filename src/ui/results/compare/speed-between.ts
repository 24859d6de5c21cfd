import type { Backend } from '../../../core/backend.ts';
import { pairedTime } from '../../../report/paired-time.ts';
import type { Interval } from '../../../report/report.ts';
import type { Run } from '../../../state/run.ts';

export interface SpeedBetween {
  /** B's time over A's. */
  readonly ratio: number;
  readonly interval: Interval;
}

/**
 * B's time over A's on `backend`. A and B were timed at different moments, each beside the
 * original, so their ratios to it are compared, which what slowed the device down does not touch.
 * The interval takes the worst of both. null if one was not timed.
 */
export function speedBetween(a: Run, b: Run, backend: Backend): SpeedBetween | null {
  const [ofA, ofB] = [pairedTime(a, backend), pairedTime(b, backend)];
  if (!ofA || !ofB) return null;
  return {
    ratio: ofB.ratio / ofA.ratio,
    interval: {
      low: ofB.interval.low / ofA.interval.high,
      high: ofB.interval.high / ofA.interval.low,
    },
  };
}
