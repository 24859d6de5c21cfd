import type { RefObject } from 'react';
import { cancelJob, type RunningJob, stopScoring } from '../state/run-job.ts';
import { Icon } from './icon.tsx';
import { jobProgress } from './job-words.ts';
import { ProgressBar } from './progress-bar.tsx';
import { useStudio } from './studio-context.tsx';

interface Props {
  readonly job: RunningJob;
  readonly cancelButton: RefObject<HTMLButtonElement | null>;
  /** Large, with the key that cancels. */
  readonly large?: boolean;
}

/** How far a job is, and what ends it. */
export function JobControls({ job, cancelButton, large = false }: Props) {
  const studio = useStudio();
  const { name, share } = jobProgress(job);
  const scoring = job.stages.at(-1)?.stage === 'accuracy' && !job.stop.signal.aborted;
  const look = large ? 'btn lg' : 'btn';
  return (
    <>
      <ProgressBar name={name} share={share} />
      {scoring && (
        <button type="button" className={look} onClick={() => stopScoring(studio)}>
          Stop scoring
        </button>
      )}
      <button
        ref={cancelButton}
        type="button"
        className={look}
        aria-disabled={job.cancelling}
        onClick={() => cancelJob(studio)}
      >
        <Icon name="stop" small />
        {job.cancelling ? 'Cancelling' : 'Cancel'}
        {large && (
          <>
            {' '}
            <kbd>Esc</kbd>
          </>
        )}
      </button>
    </>
  );
}
