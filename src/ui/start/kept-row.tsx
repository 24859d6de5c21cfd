import { useRef, useState } from 'react';
import { formatBytes } from '../../report/format.ts';
import type { KeptSession } from '../../report/kept.ts';
import { continueKept, forgetKept } from '../../state/resume.ts';
import { dateWords } from '../date-words.ts';
import { IconButton } from '../icon-button.tsx';
import { useStudio } from '../studio-context.tsx';
import { ConfirmDelete } from './confirm-delete.tsx';
import { deleteQuestion, runWords } from './delete-question.ts';

interface Props {
  readonly kept: KeptSession;
  readonly onDeleted: () => void;
}

export function KeptRow({ kept, onDeleted }: Props) {
  const studio = useStudio();
  const [asking, setAsking] = useState(false);
  const row = useRef<HTMLTableRowElement>(null);
  const { title, runs, touchedAt, diskBytes } = kept;
  const date = dateWords(new Date(touchedAt));
  if (asking) {
    const onDelete = () => {
      onDeleted();
      void forgetKept(studio, kept);
    };
    const onKeep = () => {
      setAsking(false);
      // The row is drawn anew, with the button that asked.
      setTimeout(() => row.current?.querySelector<HTMLElement>('.btn.icon')?.focus());
    };
    return (
      <tr ref={row}>
        <td colSpan={2}>
          <ConfirmDelete
            question={deleteQuestion(kept)}
            name={title}
            onDelete={onDelete}
            onKeep={onKeep}
          />
        </td>
      </tr>
    );
  }
  return (
    <tr ref={row}>
      <td>
        <b className="b">{title}</b>
        {runs.length === 0 ? (
          <div className="t3">
            {runWords(kept)}, {date}, {formatBytes(diskBytes)}
          </div>
        ) : (
          <details className="kept-runs">
            <summary className="t3">
              {runWords(kept)}
              <span className="hidden-name"> of {title}</span>, {date}, {formatBytes(diskBytes)}
            </summary>
            <RunNames kept={kept} />
          </details>
        )}
      </td>
      <td className="num">
        {kept.openElsewhere ? (
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
            <IconButton icon="x" name={`Delete ${title}`} onClick={() => setAsking(true)} />
          </span>
        )}
      </td>
    </tr>
  );
}

/** Newest first. */
function RunNames({ kept: { runs } }: { kept: KeptSession }) {
  return (
    <ul className="t2">
      {runs.toReversed().map(({ id, name, byteLength, filesKept }) => (
        <li key={id}>
          {name}, {formatBytes(byteLength)}
          {!filesKept && ', report only'}
        </li>
      ))}
    </ul>
  );
}
