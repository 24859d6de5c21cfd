import { formatCount } from '../../report/format.ts';
import { compress } from '../../state/compress.ts';
import { benchmark } from '../../state/measure-run.ts';
import { dismissFailure } from '../../state/paused-job.ts';
import { probeDevice } from '../../state/probe-device.ts';
import { keptSentence } from '../../state/run-job.ts';
import type { Job } from '../../state/state.ts';
import type { Studio } from '../../state/store.ts';
import { FAILURE_TITLES } from '../failure-titles.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

type FailedJob = Extract<Job, { status: 'failed' }>;

/** A job that failed: what happened, what is kept, what can be done. */
export function JobBanner() {
  const job = useSession((session) => session.job);
  return job.status === 'failed' ? <Failed job={job} /> : null;
}

function Failed({ job }: { job: FailedJob }) {
  const studio = useStudio();
  const kept = useSession(
    ({ runs }) =>
      runs.filter(({ kind, measurements }) => kind === 'run' || measurements.length > 0).length,
  );
  const { failure, at, finished, task } = job;
  const lost = failure.code === 'device-lost';
  const title = lost
    ? `The GPU was lost at ${at.toLocaleTimeString('en-GB')}`
    : `${task.kind === 'compress' ? 'Compressing' : 'Measuring'} ${task.name} failed: ${FAILURE_TITLES[failure.code]}`;
  return (
    <div className="pad sect">
      <div className={lost ? 'banner large' : 'banner e large'} role="alert">
        <span className={lost ? 'warn' : 'bad'}>
          <Icon name="warn" />
        </span>
        <div className="grow">
          <h3>{title}</h3>
          <p className="t2" style={{ margin: '4px 0 12px', overflowWrap: 'anywhere' }}>
            {failure.message}
            {kept > 0 && ` ${keptSentence(kept)}`}
            {finished > 0 &&
              ` The ${formatCount(finished)} weights done so far are computed again.`}
          </p>
          <div className="row wrap-row">
            <button type="button" className="btn primary" onClick={() => void again(studio, job)}>
              <Icon name="redo" small />
              Start again
            </button>
            <button type="button" className="btn quiet" onClick={() => dismissFailure(studio)}>
              Dismiss
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}

async function again(studio: Studio, { task, failure }: FailedJob): Promise<void> {
  dismissFailure(studio);
  if (failure.code === 'device-lost' || failure.code === 'worker-failed') await probeDevice(studio);
  if (task.kind === 'compress') await compress(studio);
  else await benchmark(studio, { runId: task.runId });
}
