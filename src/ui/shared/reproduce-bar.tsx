import { useEffect, useRef } from 'react';
import type { RunningJob } from '../../state/run-job.ts';
import { reproduce, reproduced } from '../../state/shared.ts';
import { JobControls } from '../job-controls.tsx';
import { jobProgress, waitedFor } from '../job-words.ts';
import { useApp, useSession, useStudio } from '../studio-context.tsx';

/** Reproduce, replaced in place by progress and Cancel; gone once there is a run to compare. */
export function ReproduceBar() {
  const studio = useStudio();
  const job = useSession(waitedFor);
  const done = useApp(reproduced) !== null;
  const button = useRef<HTMLButtonElement>(null);
  const waits = job === null && !done;
  useEffect(() => {
    // The button that opened the model is gone, and the focus with it.
    if (waits && document.activeElement === document.body) button.current?.focus();
  }, [waits]);
  if (job) return <Running job={job} />;
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

function Running({ job }: { job: RunningJob }) {
  const cancelButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) cancelButton.current?.focus();
  }, []);
  const { name, count, left } = jobProgress(job);
  return (
    <div>
      <div className="row between s12">
        <span className="b ell">{name}</span>
        <span className="t2 nowrap">{[count, left].filter(Boolean).join(', ')}</span>
      </div>
      <div className="row progress-row">
        <JobControls job={job} cancelButton={cancelButton} />
      </div>
    </div>
  );
}
