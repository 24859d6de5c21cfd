/** Calibrates for a weight of a job, in sight of whoever waits. */
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { Calibrated, Calibration, CalibrationContext } from './calibration.ts';
import type { Job } from './compress-job.ts';

/** null: no step of the plan asks for it. @throws runtime-failed; the signal's reason */
export const calibrated = (
  job: Job,
  calibration: Calibration,
  item: Pick<PlannedWeight, 'weight'>,
  working: string,
): Promise<Calibrated | null> => inSight(job, working, (context) => calibration.of(item, context));

/**
 * Tells of the rows as they are gone through.
 * - `working` — the phase that the pass interrupts
 */
export async function inSight<T>(
  { signal, progress, clock }: Job,
  working: string,
  take: (context: CalibrationContext) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  let told = 0;
  const found = await take({
    signal,
    onRow: (done, total) => {
      if (told === 0) clock.lap(working);
      told = done;
      const elapsedMs = performance.now() - start;
      const remainingMs = (elapsedMs / done) * (total - done);
      const current = `row ${done} of ${total}`;
      const stage = 'calibrate';
      progress({ stage, done, total, current, elapsedMs, remainingMs, finished: [] });
    },
  });
  if (told > 0) clock.lap('calibrate');
  return found;
}
