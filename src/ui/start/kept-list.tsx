import { useRef, useState } from 'react';
import { formatBytes } from '../../report/format.ts';
import { forgetAllKept } from '../../state/resume.ts';
import type { Kept } from '../../state/state.ts';
import { useApp, useStudio } from '../studio-context.tsx';
import { focusPanel } from '../use-keys.ts';
import { ConfirmDelete } from './confirm-delete.tsx';
import { KeptPromise } from './kept-promise.tsx';
import { KeptRow } from './kept-row.tsx';

type Sessions = Extract<Kept, { status: 'ready' }>['sessions'];

/** Models of earlier visits with what was done with them, and the disk that they take. */
export function KeptList() {
  const kept = useApp((state) => state.kept);
  if (kept.status === 'failed') {
    return (
      <section className="kept-area" aria-labelledby="kept">
        <div className="sh kept-head">
          <h2 id="kept">Kept in this browser</h2>
        </div>
        <p className="s12 t2">{kept.failure.message} Nothing outlives this tab.</p>
      </section>
    );
  }
  if (kept.status !== 'ready' || kept.sessions.length === 0) return null;
  return <KeptTable sessions={kept.sessions} />;
}

function KeptTable({ sessions }: { sessions: Sessions }) {
  const studio = useStudio();
  const heading = useRef<HTMLHeadingElement>(null);
  const [asking, setAsking] = useState(false);
  const own = sessions.filter(({ openElsewhere }) => !openElsewhere);
  const bytes = own.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
  /** The focus stays near what is deleted: on the list, or on the screen if that is the last. */
  const moveFocus = (deleted: number) => {
    if (deleted < sessions.length) heading.current?.focus();
    else focusPanel('start');
  };
  const deleteAll = () => {
    setAsking(false);
    moveFocus(own.length);
    void forgetAllKept(studio);
  };
  return (
    <section className="kept-area" aria-labelledby="kept">
      <div className="sh kept-head">
        <h2 id="kept" ref={heading} tabIndex={-1}>
          Kept in this browser
        </h2>
        {own.length > 1 && !asking && (
          <button type="button" className="link right" onClick={() => setAsking(true)}>
            Delete all
          </button>
        )}
      </div>
      {asking && (
        <ConfirmDelete
          question={`Delete all ${own.length} models with their runs, ${formatBytes(bytes)}?`}
          name="all"
          onDelete={deleteAll}
          onKeep={() => setAsking(false)}
        />
      )}
      <table className="plain kept" aria-labelledby="kept">
        <tbody>
          {sessions.map((session) => (
            <KeptRow key={session.id} kept={session} onDeleted={() => moveFocus(1)} />
          ))}
        </tbody>
      </table>
      <KeptPromise />
    </section>
  );
}
