/** Calibrates for a weight of a job, in sight of whoever waits. */
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { Calibrated, Calibration, CalibrationContext } from './calibration.ts';
import type { Clock, Job } from './compress-job.ts';

/** Shows rows as they are gone through for a stage, which goes on after them. */
export interface ShowsRows {
  /** - `passes` — to come for the stage after this one */
  calibrating(done: number, total: number, passes: number): void;
}

/** null: no step of the plan asks for it. @throws runtime-failed; the signal's reason */
export const calibrated = (
  { signal, clock }: Job,
  calibration: Calibration,
  item: Pick<PlannedWeight, 'weight'>,
  { working, shows }: { readonly working: string; readonly shows: ShowsRows },
): Promise<Calibrated | null> =>
  inSight({ signal, clock, working, shows }, (context) => calibration.of(item, context));

interface Sight {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The phase that the pass interrupts. */
  readonly working: string;
  readonly shows: ShowsRows;
}

/** Tells of the rows as they are gone through. */
export async function inSight<T>(
  { signal, clock, working, shows }: Sight,
  take: (context: CalibrationContext) => Promise<T>,
): Promise<T> {
  let told = 0;
  const found = await take({
    signal,
    onRow: (done, total, passes = 0) => {
      if (told === 0) clock.lap(working);
      told = done;
      shows.calibrating(done, total, passes);
    },
  });
  if (told > 0) clock.lap('calibrate');
  return found;
}

/** Rows that are all there is to a stage. */
export function rowsShown(stage: 'calibrate' | 'reshape', progress: Job['progress']): ShowsRows {
  const start = performance.now();
  return {
    calibrating: (done, total) => {
      const elapsedMs = performance.now() - start;
      const remainingMs = (elapsedMs / done) * (total - done);
      const rows = stage === 'calibrate' ? { done, total } : { done: 0, total: 1 };
      const within = { what: 'calibrate', done, total } as const;
      progress({
        ...{ stage, ...rows, current: `row ${done} of ${total}`, elapsedMs, remainingMs },
        ...(stage === 'reshape' && { within }),
        finished: [],
      });
    },
  };
}
