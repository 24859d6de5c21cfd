import { formatCount } from '../../report/format.ts';
import { dismissFailure } from '../../state/paused-job.ts';
import { retryFailed } from '../../state/resume-paused.ts';
import { keptSentence } from '../../state/run-job.ts';
import type { Job } from '../../state/state.ts';
import { FAILURE_TITLES } from '../failure-titles.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { finishedRuns } from './finished-runs.ts';
import { PausedBanner } from './paused-banner.tsx';
import { UnfinishedBanner } from './unfinished-banner.tsx';

type FailedJob = Extract<Job, { status: 'failed' }>;

/** A job that stopped before its end: what happened, what is kept, what can be done. */
export function JobBanner() {
  const job = useSession((session) => session.job);
  const unfinished = useSession((session) => session.unfinished);
  if (job.status === 'failed') return <Failed job={job} />;
  if (job.status === 'asking') return <PausedBanner job={job} />;
  const compressing = job.status === 'running' && job.task.kind === 'compress';
  return unfinished && !compressing ? <UnfinishedBanner job={unfinished} /> : null;
}

const DOING = {
  compress: 'Compressing',
  analyse: 'Analysing',
  benchmark: 'Measuring',
  baseline: 'Measuring',
  profile: 'Profiling',
} as const;

function Failed({ job }: { job: FailedJob }) {
  const studio = useStudio();
  const kept = useSession(finishedRuns);
  const { failure, at, finished, task } = job;
  const lost = failure.code === 'device-lost';
  const title = lost
    ? `The GPU was lost at ${at.toLocaleTimeString('en-GB')}`
    : `${DOING[task.kind]} ${task.name} failed: ${FAILURE_TITLES[failure.code]}`;
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
            {finished > 0 && ` ${formatCount(finished)} weights are done and are not done again.`}
          </p>
          <div className="row wrap-row">
            <button type="button" className="btn primary" onClick={() => void retryFailed(studio)}>
              <Icon name="redo" small />
              Start again
            </button>
            <button type="button" className="btn quiet" onClick={() => void dismissFailure(studio)}>
              Dismiss
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}
