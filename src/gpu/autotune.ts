/** Chooses between kernels that do the same by measuring them once an adapter. */
import type { Batch } from './batch.ts';
import type { Gpu } from './gpu.ts';
import { timeDispatches } from './time-dispatches.ts';

/** Where choices outlive the page; losing one costs a measurement. */
export interface TuningMemory {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

export interface Contest<Name extends string> {
  /** What is done, as part of the key: "matmul". */
  readonly task: string;
  /** Grows when a candidate changes. */
  readonly version: number;
  readonly candidates: readonly Name[];
  /** Records one round of a candidate whose kernels are prepared. */
  record(candidate: Name, batch: Batch): void;
}

export interface Choice<Name extends string> {
  readonly name: Name;
  /** Mean milliseconds of a round; null if the choice was remembered. */
  readonly durationsMs: Readonly<Record<Name, number>> | null;
}

/** `autotune/matmul/1/google swiftshader` */
export const tuningKey = (task: string, version: number, adapterName: string): string =>
  `autotune/${task}/${version}/${adapterName}`;

/**
 * The fastest candidate on this adapter: what `memory` knows, else what a short measurement says.
 * Two turns each, the better one counts; equal ones go to the earlier candidate.
 * @throws device-lost, gpu-failed
 */
export async function chooseFastest<Name extends string>(
  gpu: Gpu,
  { task, version, candidates, record }: Contest<Name>,
  memory: TuningMemory,
): Promise<Choice<Name>> {
  const key = tuningKey(task, version, gpu.adapter.name);
  const known = await memory.get(key);
  const remembered = candidates.find((candidate) => candidate === known);
  if (remembered) return { name: remembered, durationsMs: null };
  const durationsMs = {} as Record<Name, number>;
  for (let turn = 0; turn < 2; turn++) {
    for (const candidate of candidates) {
      const ms = await timeDispatches(gpu, (batch) => record(candidate, batch), {
        ...{ longEnoughMs: 10, maxRounds: 64 },
      });
      durationsMs[candidate] = Math.min(durationsMs[candidate] ?? ms, ms);
    }
  }
  const fastest = candidates.reduce((best, candidate) =>
    durationsMs[candidate] < durationsMs[best] ? candidate : best,
  );
  await memory.set(key, fastest);
  return { name: fastest, durationsMs };
}
