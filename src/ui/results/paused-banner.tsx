import { useEffect, useRef } from 'react';
import { cancelPaused } from '../../state/paused-job.ts';
import { resumePaused } from '../../state/resume-paused.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { finishedRuns } from './finished-runs.ts';
import { type AskingJob, pausedSentences, pausedTitle } from './paused-words.ts';

/** A compression that cannot go on by itself: how it goes on is the person's choice. */
export function PausedBanner({ job }: { job: AskingJob }) {
  const studio = useStudio();
  const kept = useSession(finishedRuns);
  // Without WebGPU from the start there is no GPU to go back to.
  const hadGpu = job.failure !== null;
  const choices = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Cancel, which had the focus, is gone; what is decided next is here.
    if (document.activeElement === document.body) {
      setTimeout(() => choices.current?.querySelector('button')?.focus());
    }
  }, []);
  return (
    <div className="pad sect">
      <div className="banner large" role="alert">
        <span className="warn">
          <Icon name="warn" />
        </span>
        <div className="grow">
          <h3>{pausedTitle(job)}</h3>
          <p className="t2" style={{ margin: '4px 0 12px', overflowWrap: 'anywhere' }}>
            {pausedSentences(job, kept)}
          </p>
          <div className="row wrap-row" ref={choices}>
            {hadGpu && (
              <button
                type="button"
                className="btn primary"
                onClick={() => void resumePaused(studio, 'gpu')}
              >
                <Icon name="redo" small />
                Resume
              </button>
            )}
            <button
              type="button"
              className={hadGpu ? 'btn' : 'btn primary'}
              onClick={() => void resumePaused(studio, 'cpu')}
            >
              {hadGpu ? 'Continue on the CPU' : 'Compress on the CPU'}
            </button>
            <button type="button" className="btn quiet" onClick={() => void cancelPaused(studio)}>
              Cancel
            </button>
          </div>
          <p className="s12 t3" style={{ marginTop: 10 }}>
            The report names what was computed on the CPU.
          </p>
        </div>
      </div>
    </div>
  );
}
