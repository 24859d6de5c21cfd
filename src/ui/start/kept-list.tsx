import { formatBytes, formatCount } from '../../report/format.ts';
import type { KeptSession } from '../../report/kept.ts';
import { continueKept, forgetKept } from '../../state/resume.ts';
import { dateWords } from '../date-words.ts';
import { IconButton } from '../icon-button.tsx';
import { useApp, useStudio } from '../studio-context.tsx';

/** Models of earlier visits with what was done with them, and the disk that they take. */
export function KeptList() {
  const kept = useApp((state) => state.kept);
  if (kept.status === 'failed') {
    return (
      <>
        <Heading />
        <p className="s12 t2">{kept.failure.message} Nothing outlives this tab.</p>
      </>
    );
  }
  if (kept.status !== 'ready' || kept.sessions.length === 0) return null;
  return (
    <>
      <Heading />
      <table className="plain kept" aria-labelledby="kept">
        <tbody>
          {kept.sessions.map((session) => (
            <KeptRow key={session.id} kept={session} />
          ))}
        </tbody>
      </table>
    </>
  );
}

const Heading = () => (
  <h2 className="sh" id="kept" style={{ margin: '28px 0 4px' }}>
    Kept in this browser
  </h2>
);

function KeptRow({ kept }: { kept: KeptSession }) {
  const studio = useStudio();
  const { title, runCount, touchedAt, diskBytes, openElsewhere } = kept;
  const runs = `${formatCount(runCount)} ${runCount === 1 ? 'run' : 'runs'}`;
  return (
    <tr>
      <td>
        <b className="b">{title}</b>
        <div className="t3">
          {runs}, {dateWords(new Date(touchedAt))}, {formatBytes(diskBytes)}
        </div>
      </td>
      <td className="num">
        {openElsewhere ? (
          <span className="t2">open in another tab</span>
        ) : (
          <span className="row kept-actions">
            <button
              type="button"
              className="btn"
              aria-label={`Continue ${title}`}
              onClick={() => void continueKept(studio, kept)}
            >
              Continue
            </button>
            <IconButton
              icon="x"
              name={`Delete ${title}`}
              onClick={() => void forgetKept(studio, kept)}
            />
          </span>
        )}
      </td>
    </tr>
  );
}
