/** How long stages take, by what was measured of such stages; where nothing was, nothing is said. */
import { keyOf, type ListedStage, listStages, type Staged, type StageSlot } from './stage-list.ts';
import type { StageRecord } from './stage-record.ts';

/** Milliseconds for a unit of a slot's work, by its pace. */
export type Paces = ReadonlyMap<string, number>;

export interface WholeTime {
  /** Milliseconds of all that is left and can be estimated. */
  readonly knownMs: number;
  /** Stages to come that nothing is known of, in their order. */
  readonly unknown: readonly ListedStage[];
}

/** Of the stages of a job that have ended. */
export function learnedPaces(before: Paces, job: Staged): Paces {
  return withPaces(before, job, job.stages.slice(0, -1), () => 1);
}

/** What is left of the job. */
export function wholeTime(job: Staged, before: Paces): WholeTime {
  const paces = withPaces(before, job, job.stages, (record) =>
    record === job.stages.at(-1) ? shareOf(record) : 1,
  );
  let knownMs = 0;
  const unknown: ListedStage[] = [];
  for (const listed of listStages(job)) {
    const { slot, record, status } = listed;
    if (status !== 'running' && status !== 'waiting') continue;
    const expected = slot && expectedMs(slot, paces);
    const left = record?.remainingMs ?? (expected && expected - (record?.elapsedMs ?? 0));
    if (left === null || left === undefined) unknown.push(listed);
    else knownMs += Math.max(0, left);
  }
  return { knownMs, unknown };
}

function withPaces(
  before: Paces,
  { outline }: Staged,
  records: readonly StageRecord[],
  share: (record: StageRecord) => number | null,
): Paces {
  const slots = new Map(outline.map((slot) => [keyOf(slot), slot]));
  const paces = new Map(before);
  for (const record of records) {
    const slot = slots.get(keyOf(record));
    const part = share(record);
    if (!slot || part === null || part <= 0) continue;
    // Scoring can be stopped before its end.
    const done = slot.total !== null && record.total > 0 ? record.done / record.total : 1;
    const work = slot.work * (part < 1 ? part : done);
    if (work > 0) paces.set(slot.pace, record.elapsedMs / work);
  }
  return paces;
}

/** How far the running stage is by time; null while that is not known. */
const shareOf = ({ elapsedMs, remainingMs }: StageRecord): number | null =>
  remainingMs === null || elapsedMs <= 0 ? null : elapsedMs / (elapsedMs + remainingMs);

/** By its own pace, else by one that is like it. */
function expectedMs({ pace, alike, work }: StageSlot, paces: Paces): number | null {
  const own = paces.get(pace);
  if (own !== undefined) return own * work;
  const other = alike && paces.get(alike.pace);
  return alike && other !== undefined ? other * alike.times * work : null;
}
