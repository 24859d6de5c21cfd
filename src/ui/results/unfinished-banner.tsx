import type { KeptJob } from '../../report/kept.ts';
import { discardUnfinished, resumeUnfinished } from '../../state/resume.ts';
import { Icon } from '../icon.tsx';
import { useStudio } from '../studio-context.tsx';
import { UnfinishedWords } from '../unfinished-words.tsx';

/** The same files were opened again, and an earlier visit had not finished with them. */
export function UnfinishedBanner({ job }: { job: KeptJob }) {
  const studio = useStudio();
  return (
    <div className="pad sect">
      <div className="banner i large" role="alert">
        <Icon name="info" />
        <div className="grow">
          <h3>{job.name} is unfinished</h3>
          <UnfinishedWords job={job} />
          <div className="row wrap-row">
            <button
              type="button"
              className="btn primary"
              onClick={() => void resumeUnfinished(studio)}
            >
              <Icon name="redo" small />
              Resume
            </button>
            <button
              type="button"
              className="btn quiet"
              onClick={() => void discardUnfinished(studio)}
            >
              Discard
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}
