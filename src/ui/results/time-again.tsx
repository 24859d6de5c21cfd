import { BACKENDS } from '../../core/backend.ts';
import { disturbance } from '../../report/disturbed-time.ts';
import { backendLabel } from '../../report/format.ts';
import { benchmark } from '../../state/measure-run.ts';
import type { Run } from '../../state/run.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

/** Where something else kept the device busy, the sign of it, and the way to better figures. */
export function TimeAgain({ run, baseline }: { run: Run; baseline: Run }) {
  const studio = useStudio();
  const idle = useSession(({ job }) => job.status === 'idle');
  const signs = BACKENDS.flatMap((backend) => {
    const found = disturbance(run, baseline, backend);
    return found ? [{ backend, ...found }] : [];
  });
  if (signs.length === 0) return null;
  const own = signs.some(({ again }) => again === run.kind);
  const timed = own ? run : baseline;
  const runId = timed.id;
  const timeSoftware = timed.measurements.some((it) => it.software && it.latency !== null);
  return (
    <div className="note w" style={{ marginTop: 6 }}>
      <Icon name="warn" />
      <span className="grow">
        Something else kept the device busy as {own ? 'this' : 'the original'} was timed on{' '}
        {signs.map(({ backend }) => backendLabel(backend)).join(' and ')}.{' '}
        {signs.map(({ sign }) => sign).join(' ')}{' '}
        {idle && (
          <button
            type="button"
            className="fix"
            title="Times it again, and checks its outputs; its answers are not scored again"
            onClick={() => void benchmark(studio, { runId, timeOnly: true, timeSoftware })}
          >
            {own ? 'Time it again' : 'Time the original again'}
          </button>
        )}
      </span>
    </div>
  );
}
