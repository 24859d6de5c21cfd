/** What timed answers come to, and in words on what they hold. */
import type { Backend } from '../../core/backend.ts';
import { measurementOn } from '../../report/backend-of-run.ts';
import { backendLabel, formatCount } from '../../report/format.ts';
import { type PairedTime, pairedRatio, pairedTimeOf } from '../../report/paired-time.ts';
import { median } from '../../report/statistics.ts';
import { BASELINE_ID, type Run } from '../../state/run.ts';
import type { Timing } from '../../state/trying.ts';

/** Milliseconds of a model, round by round. */
export function timesOf(timing: Timing | null, runId: string): readonly number[] {
  const place = timing?.runIds.indexOf(runId) ?? -1;
  return timing?.rounds.flatMap((times) => times[place] ?? []) ?? [];
}

/** Against the original in the same rounds; null while these are too few to say. */
export function speedOf(timing: Timing | null, runId: string): PairedTime | null {
  const [own, original] = [timesOf(timing, runId), timesOf(timing, BASELINE_ID)];
  if (own.length === 0 || original.length === 0) return null;
  return pairedTimeOf({ p50Ms: median(own), ratio: pairedRatio(own, original) });
}

/** - `software` — name of the software adapter that WebGPU runs on; null for a GPU */
export function timingWords(
  { rounds, backend, runIds, end }: Timing,
  runs: readonly Run[],
  software: string | null,
): string {
  if (end === 'no-room') {
    return 'Not timed: these models do not fit into the runtime side by side.';
  }
  if (end === 'hidden') {
    return 'Timing stopped: the tab was hidden, and browsers slow hidden tabs down.';
  }
  const count = `${formatCount(rounds.length)} ${rounds.length === 1 ? 'round' : 'rounds'}`;
  const turns = runIds.length > 1 ? 'by turns, as a benchmark times pairs' : 'one after the other';
  const adapter =
    backend === 'webgpu' && software
      ? `, ${software}, a software adapter: says nothing about GPUs`
      : '';
  const timed = tableInput(runs, backend);
  return [
    `This input on ${backendLabel(backend)}${adapter}, ${count} ${turns}.`,
    runIds.length > 1 && timed && `The table’s speeds are of ${timed}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

const tableInput = (runs: readonly Run[], backend: Backend): string | null =>
  runs.flatMap((run) => measurementOn(run, backend)?.latency?.input ?? [])[0] ?? null;
