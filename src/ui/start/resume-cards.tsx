import { formatBytes } from '../../report/format.ts';
import type { KeptSession } from '../../report/kept.ts';
import { discardKept, resumeKept, stopAskingForFiles } from '../../state/resume.ts';
import type { Kept } from '../../state/state.ts';
import { useFilePicker } from '../file-picker.tsx';
import { Icon } from '../icon.tsx';
import { useApp, useStudio } from '../studio-context.tsx';
import { UnfinishedWords } from '../unfinished-words.tsx';

/** Compressions that an earlier visit did not finish; none goes on before it is asked to. */
export function ResumeCards() {
  const kept = useApp((state) => state.kept);
  const wanted = useApp((state) => state.wanted);
  if (wanted) return <WantedFiles kept={wanted.kept} />;
  return unfinished(kept).map((session) => <ResumeCard key={session.id} kept={session} />);
}

const unfinished = (kept: Kept): readonly KeptSession[] =>
  kept.status === 'ready'
    ? kept.sessions.filter(({ job, openElsewhere }) => job !== null && !openElsewhere)
    : [];

function ResumeCard({ kept }: { kept: KeptSession }) {
  const studio = useStudio();
  const { id, title, job, byteLength, filesKept } = kept;
  if (!job) return null;
  return (
    <section className="banner i large resume-card" aria-labelledby={`unfinished-${id}`}>
      <Icon name="redo" />
      <div className="grow">
        <h2 id={`unfinished-${id}`}>
          {job.name} of {title} is unfinished
        </h2>
        <UnfinishedWords job={job} />
        {!filesKept && (
          <p className="t2" style={{ margin: '-8px 0 12px' }}>
            The model ({formatBytes(byteLength)}) is not kept here: you will be asked for its files.
          </p>
        )}
        <div className="row wrap-row">
          <button
            type="button"
            className="btn primary"
            onClick={() => void resumeKept(studio, kept)}
          >
            <Icon name="redo" small />
            Resume
          </button>
          <button
            type="button"
            className="btn quiet"
            onClick={() => void discardKept(studio, kept)}
          >
            Discard
          </button>
        </div>
      </div>
    </section>
  );
}

function WantedFiles({ kept }: { kept: KeptSession }) {
  const studio = useStudio();
  const { openModel, openFolder } = useFilePicker();
  return (
    <section className="banner large resume-card" aria-labelledby="wanted-files">
      <span className="warn">
        <Icon name="info" />
      </span>
      <div className="grow">
        <h2 id="wanted-files">Open the files of {kept.title} again</h2>
        <p className="t2" style={{ margin: '4px 0 4px' }}>
          They are not kept in this browser. They are known by their SHA-256, not by their names.
        </p>
        <ul className="t2 wanted-files">
          {kept.files.map(({ path, byteLength }) => (
            <li key={path}>
              {path}, {formatBytes(byteLength)}
            </li>
          ))}
        </ul>
        <div className="row wrap-row">
          <button type="button" className="btn primary" onClick={openModel}>
            <Icon name="open" small />
            Choose files…
          </button>
          <button type="button" className="btn" onClick={openFolder}>
            Choose folder…
          </button>
          <button type="button" className="btn quiet" onClick={() => stopAskingForFiles(studio)}>
            Not now
          </button>
        </div>
      </div>
    </section>
  );
}
