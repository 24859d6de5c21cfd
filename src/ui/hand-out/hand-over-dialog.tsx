import { formatBytes } from '../../report/format.ts';
import { dismissHandOver, saveHandOver } from '../../state/share.ts';
import type { HandOver } from '../../state/shared-view.ts';
import { Dialog } from '../dialog.tsx';
import { useApp, useStudio } from '../studio-context.tsx';
import { Repository } from './repository.tsx';
import { UseFile } from './use-file.tsx';

const TITLES: Readonly<Record<HandOver['kind'], string>> = {
  copy: 'Share',
  file: 'Share',
  use: 'Use this file',
  repository: 'Hugging Face folder',
};

/** What is handed out in more than one step. */
export function HandOverDialog() {
  const studio = useStudio();
  const handOver = useApp((state) => state.handOver);
  const title = handOver ? TITLES[handOver.kind] : 'Share';
  const isWide = handOver?.kind === 'use' || handOver?.kind === 'repository';
  return (
    <Dialog
      name={title}
      className={isWide ? 'keys wide-dialog' : 'keys'}
      opened={handOver !== null}
      onClose={() => dismissHandOver(studio)}
    >
      <div className="row between">
        <h2 className="b">{title}</h2>
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
      {handOver?.kind === 'use' && <UseFile handOver={handOver} />}
      {handOver?.kind === 'repository' && <Repository handOver={handOver} />}
    </Dialog>
  );
}
