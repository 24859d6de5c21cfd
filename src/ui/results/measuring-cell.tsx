import { formatCount } from '../../report/format.ts';
import { formatMetric } from '../../report/metrics.ts';
import { jobProgress } from '../job-words.ts';
import { useSession } from '../studio-context.tsx';
import { useColumns } from './columns.ts';

/**
 * Stands in the latency columns (and accuracy, which grows row by row) while a benchmark runs;
 * without labels the accuracy cell after it is left out of narrow tables.
 */
export function MeasuringCell() {
  const job = useSession((session) => session.job);
  const columns = useColumns();
  if (job.status !== 'running') return null;
  const { name, left, share } = jobProgress(job);
  const { accuracy } = job;
  return (
    <>
      <td colSpan={columns.scored ? 3 : 2}>
        <div className="row s12 t2">
          <div className="prog grow" aria-hidden="true">
            <i style={{ transform: `scaleX(${share})` }} />
          </div>
          <span className="nowrap">{left || name}</span>
        </div>
        <small>
          {accuracy
            ? `${formatMetric(accuracy.metric, accuracy.value)} after ${formatCount(accuracy.rows)} rows`
            : name}
        </small>
      </td>
      {!columns.scored && <td className={columns.accuracy} />}
    </>
  );
}
