/** Calibrates for a weight of a job, in sight of whoever waits. */
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { Calibrated, Calibration } from './calibration.ts';
import type { Job } from './compress-job.ts';

/** null: no step of the plan asks for it. @throws runtime-failed; the signal's reason */
export async function calibrated(
  { signal, progress, clock }: Job,
  calibration: Calibration,
  item: Pick<PlannedWeight, 'weight'>,
  working: string,
): Promise<Calibrated | null> {
  const start = performance.now();
  let told = 0;
  const found = await calibration.of(item, {
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
