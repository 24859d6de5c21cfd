import { formatCount, formatDuration } from '../../report/format.ts';
import { keptSentence } from '../../state/run-job.ts';
import type { CpuTime, Job } from '../../state/state.ts';

export type AskingJob = Extract<Job, { status: 'asking' }>;

/** "22 of 37 weights are done. Resume does the other 15." */
export function restSentence(done: number, total: number): string {
  const rest = total - done;
  if (done === 0 || rest <= 0) return '';
  const weights = rest === 1 ? 'the last one' : `the other ${formatCount(rest)}`;
  return `${formatCount(done)} of ${formatCount(total)} weights are done. Resume does ${weights}.`;
}

/** "about 6 min" where it is known. */
export const cpuTimeWords = (cpu: CpuTime): string | null =>
  cpu.status === 'known' ? `about ${formatDuration(cpu.durationMs)}` : null;

/** What happened, as a title. */
export function pausedTitle({ why, at, cpu }: AskingJob): string {
  if (why === 'device-lost') return `The GPU was lost at ${at.toLocaleTimeString('en-GB')}`;
  const time = cpuTimeWords(cpu);
  return `No WebGPU here: compress on the CPU${time ? `, ${time}` : ''}?`;
}

/** Why, what is safe, and what the choices cost. */
export function pausedSentences(job: AskingJob, keptRuns: number): string {
  const { why, failure, finished, total, cpu } = job;
  const time = cpuTimeWords(cpu);
  const costs =
    cpu.status === 'measuring'
      ? 'Measuring how long the CPU takes.'
      : cpu.status === 'unknown'
        ? `How long the CPU takes is not known: ${cpu.reason}`
        : why === 'device-lost'
          ? `The CPU takes ${time} for the rest.`
          : `The CPU does the same, slower.`;
  const sentences = [
    failure?.message ?? 'Nothing was compressed yet.',
    keptRuns > 0 ? keptSentence(keptRuns) : '',
    restSentence(finished.size, total),
    costs,
  ];
  return sentences.filter(Boolean).join(' ');
}
