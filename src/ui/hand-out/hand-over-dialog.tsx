import { useEffect, useRef } from 'react';
import { formatBytes } from '../../report/format.ts';
import { dismissHandOver, saveHandOver } from '../../state/share.ts';
import { useApp, useStudio } from '../studio-context.tsx';

/** What the clipboard or a link could not take: a text to copy by hand, or a file. */
export function HandOverDialog() {
  const studio = useStudio();
  const dialog = useRef<HTMLDialogElement>(null);
  const handOver = useApp((state) => state.handOver);
  useEffect(() => {
    if (handOver) dialog.current?.showModal();
    else dialog.current?.close();
  }, [handOver]);
  return (
    <dialog
      ref={dialog}
      className="keys"
      aria-label="Share"
      onClose={() => dismissHandOver(studio)}
    >
      <div className="row between">
        <h2 className="b">Share</h2>
        <button type="button" className="btn" onClick={() => dismissHandOver(studio)}>
          Close
        </button>
      </div>
      {handOver?.kind === 'copy' && (
        <label className="s12 copy-by-hand">
          The browser keeps its clipboard closed. Copy the link from here.
          <textarea
            readOnly
            rows={6}
            value={handOver.text}
            onFocus={(event) => event.currentTarget.select()}
          />
        </label>
      )}
      {handOver?.kind === 'file' && (
        <div className="s12 copy-by-hand">
          <p>
            The recipe and the numbers do not fit in a link of 8 KB. As a file of{' '}
            {formatBytes(handOver.content.size)} they are whole: dropped on Whittle, it shows the
            same result.
          </p>
          <div>
            <button type="button" className="btn primary" onClick={() => saveHandOver(studio)}>
              Save {handOver.fileName}
            </button>
          </div>
        </div>
      )}
    </dialog>
  );
}
