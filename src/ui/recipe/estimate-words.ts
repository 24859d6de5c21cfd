import { formatBytes, formatDuration } from '../../report/format.ts';
import type { RunEstimate } from '../../state/estimate-run.ts';

/** "About 60 s with the benchmark, 0.6 GB of GPU buffers"; says what is not known. */
export function estimateWords(
  { compressMs, benchmarkMs, peakBufferBytes }: RunEstimate,
  withBenchmark: boolean,
): string {
  if (compressMs === null) return 'Time not known yet: no such run here so far';
  const buffers =
    peakBufferBytes === null ? '' : `, ${formatBytes(peakBufferBytes)} of GPU buffers`;
  if (!withBenchmark) return `About ${formatDuration(compressMs)}${buffers}`;
  if (benchmarkMs === null) {
    return `About ${formatDuration(compressMs)} and the benchmark, whose time is not known yet${buffers}`;
  }
  return `About ${formatDuration(compressMs + benchmarkMs)} with the benchmark${buffers}`;
}
