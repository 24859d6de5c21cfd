import type { Batch } from './batch.ts';
import type { Gpu } from './gpu.ts';

const LONG_ENOUGH_MS = 60;
const MAX_ROUNDS = 256;

export interface TimingOptions {
  /** Once a submission takes this long, its own cost does not count any more. */
  readonly longEnoughMs?: number;
  readonly maxRounds?: number;
}

/**
 * Mean milliseconds of what `record` dispatches, whatever its buffers hold: as many rounds in one
 * submission as take a while. The first, short submissions warm up.
 */
export async function timeDispatches(
  gpu: Gpu,
  record: (batch: Batch) => void,
  { longEnoughMs = LONG_ENOUGH_MS, maxRounds = MAX_ROUNDS }: TimingOptions = {},
): Promise<number> {
  for (let rounds = 2; ; rounds *= 2) {
    const batch = gpu.batch('time');
    for (let round = 0; round < rounds; round++) record(batch);
    const start = performance.now();
    batch.submit();
    await gpu.guard(gpu.device.queue.onSubmittedWorkDone());
    const durationMs = performance.now() - start;
    if (durationMs >= longEnoughMs || rounds >= maxRounds) return durationMs / rounds;
  }
}
