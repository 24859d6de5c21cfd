import { formatCount, formatNumber } from '../../report/format.ts';
import { jobProgress } from '../job-words.ts';
import { useSession } from '../studio-context.tsx';

/** Stands in the measured columns while a benchmark runs; accuracy grows row by row. */
export function MeasuringCell() {
  const job = useSession((session) => session.job);
  if (job.status !== 'running') return null;
  const { name, left, share } = jobProgress(job);
  const { accuracy } = job;
  return (
    <td colSpan={3}>
      <div className="row s12 t2">
        <div className="prog grow" aria-hidden="true">
          <i style={{ transform: `scaleX(${share})` }} />
        </div>
        <span className="nowrap">{left || name}</span>
      </div>
      <small>
        {accuracy
          ? `${formatNumber(accuracy.value * 100, 1)} % after ${formatCount(accuracy.rows)} rows`
          : name}
      </small>
    </td>
  );
}
