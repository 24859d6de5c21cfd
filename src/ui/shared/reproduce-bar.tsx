import { useEffect, useRef } from 'react';
import { cancelJob, stopScoring } from '../../state/run-job.ts';
import { reproduce, reproduced } from '../../state/shared.ts';
import { Icon } from '../icon.tsx';
import { jobProgress } from '../job-words.ts';
import { ProgressBar } from '../progress-bar.tsx';
import { useApp, useSession, useStudio } from '../studio-context.tsx';

/** Reproduce, replaced in place by progress and Cancel; gone once there is a run to compare. */
export function ReproduceBar() {
  const studio = useStudio();
  const job = useSession((session) => session.job);
  const queued = useSession((session) => session.queued);
  const done = useApp(reproduced) !== null;
  const button = useRef<HTMLButtonElement>(null);
  const busy = job.status === 'running' && (job.task.kind !== 'baseline' || queued);
  const waits = !busy && !done;
  useEffect(() => {
    // The button that opened the model is gone, and the focus with it.
    if (waits && document.activeElement === document.body) button.current?.focus();
  }, [waits]);
  if (busy) return <Running />;
  if (done) return null;
  return (
    <button
      ref={button}
      type="button"
      className="btn primary lg"
      onClick={() => void reproduce(studio)}
    >
      Reproduce
    </button>
  );
}

function Running() {
  const studio = useStudio();
  const job = useSession((session) => session.job);
  const cancelButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) cancelButton.current?.focus();
  }, []);
  if (job.status !== 'running') return null;
  const { name, count, left, share } = jobProgress(job);
  const scoring = job.stages.at(-1)?.stage === 'accuracy' && !job.stop.signal.aborted;
  return (
    <div>
      <div className="row between s12">
        <span className="b ell">{name}</span>
        <span className="t2 nowrap">{[count, left].filter(Boolean).join(', ')}</span>
      </div>
      <div className="row progress-row">
        <ProgressBar name={name} share={share} />
        {scoring && (
          <button type="button" className="btn" onClick={() => stopScoring(studio)}>
            Stop scoring
          </button>
        )}
        <button
          ref={cancelButton}
          type="button"
          className="btn"
          aria-disabled={job.cancelling}
          onClick={() => cancelJob(studio)}
        >
          <Icon name="stop" small />
          {job.cancelling ? 'Cancelling' : 'Cancel'}
        </button>
      </div>
    </div>
  );
}
