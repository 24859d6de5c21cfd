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
  const hidden = useSession((session) => session.hiddenColumns);
  if (job.status !== 'running') return null;
  const covered = (
    ['wasm', 'webgpu', ...(columns.scored ? ['metric' as const] : [])] as const
  ).filter((column) => !hidden.has(column)).length;
  const { name, left, share } = jobProgress(job);
  const { accuracy } = job;
  return (
    <>
      <td colSpan={Math.max(1, covered)} className={columns.scored ? 'edge' : ''}>
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
      {!columns.scored && <td className={columns.accuracy} data-column="metric" />}
    </>
  );
}
