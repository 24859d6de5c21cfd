import { formatCount } from '../report/format.ts';
import type { KeptJob } from '../report/kept.ts';
import { dateWords, timeWords } from './date-words.ts';

/** How far an earlier visit came. */
export function UnfinishedWords({ job }: { job: KeptJob }) {
  const { done, total, startedAt } = job;
  const began = new Date(startedAt);
  const far =
    total > 0
      ? `${formatCount(done)} of ${formatCount(total)} weights are done and kept.`
      : 'No weight was done yet.';
  return (
    <p className="t2" style={{ margin: '4px 0 12px' }}>
      Begun on {dateWords(began)} at {timeWords(began)}. {far}
    </p>
  );
}
