import { formatBytes, formatCount } from '../../report/format.ts';
import type { KeptSession } from '../../report/kept.ts';

/** "1 run". */
export const runWords = ({ runs }: Pick<KeptSession, 'runs'>): string =>
  `${formatCount(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}`;

/** "Delete model with 2 runs, 91.0 MB?"; without a size where nothing is copied yet. */
export function deleteQuestion(kept: Pick<KeptSession, 'title' | 'runs' | 'diskBytes'>): string {
  const withRuns = kept.runs.length > 0 ? ` with ${runWords(kept)}` : '';
  const size = kept.diskBytes > 0 ? `, ${formatBytes(kept.diskBytes)}` : '';
  return `Delete ${kept.title}${withRuns}${size}?`;
}
