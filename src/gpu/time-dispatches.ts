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

const TURNS = 21;
const LONG_PASS_MS = 2;

/**
 * Median milliseconds of what `record` dispatches, by the device's own clock: what submitting costs is
 * not in it. Browsers round that clock to 0.1 ms. Requires the feature `timestamp-query`.
 */
export async function timeOnDevice(gpu: Gpu, record: (batch: Batch) => void): Promise<number> {
  const [first = 0] = await passTimes(gpu, record, 1, 2).then((times) => times.slice(1));
  const rounds = Math.max(1, Math.min(MAX_ROUNDS, Math.ceil(LONG_PASS_MS / Math.max(first, 1e-3))));
  const times = await passTimes(gpu, record, rounds, TURNS);
  return (times.sort((a, b) => a - b)[TURNS >> 1] ?? 0) / rounds;
}

/** Milliseconds of each of `turns` passes of `rounds` rounds. */
async function passTimes(
  gpu: Gpu,
  record: (batch: Batch) => void,
  rounds: number,
  turns: number,
): Promise<number[]> {
  const { device } = gpu;
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * turns });
  using resolved = gpu.buffer('time/resolved', 16 * turns, QUERY_RESOLVE | COPY_SRC);
  using staging = gpu.buffer('time/read-back', 16 * turns, MAP_READ | COPY_DST);
  for (let turn = 0; turn < turns; turn++) {
    const batch = gpu.batch('time');
    for (let round = 0; round < rounds; round++) record(batch);
    const at = { beginningOfPassWriteIndex: 2 * turn, endOfPassWriteIndex: 2 * turn + 1 };
    batch.submit({ querySet, ...at });
    await gpu.guard(device.queue.onSubmittedWorkDone());
  }
  const encoder = device.createCommandEncoder({ label: 'time' });
  encoder.resolveQuerySet(querySet, 0, 2 * turns, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16 * turns);
  device.queue.submit([encoder.finish()]);
  await gpu.guard(staging.mapAsync(GPUMapMode.READ));
  const nanoseconds = new BigUint64Array(staging.getMappedRange().slice(0));
  querySet.destroy();
  return Array.from({ length: turns }, (_, turn) => {
    const [start = 0n, end = 0n] = nanoseconds.subarray(2 * turn, 2 * turn + 2);
    return Number(end - start) / 1e6;
  });
}
