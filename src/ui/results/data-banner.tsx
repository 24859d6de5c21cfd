import { useState } from 'react';
import { Icon } from '../icon.tsx';
import { MappingDialog } from '../mapping/mapping-dialog.tsx';
import { useSession } from '../studio-context.tsx';

const SYNTHETIC = 'Synthetic inputs: fidelity only, accuracy not measured';

/** Why accuracy is not measured, and which files were not read. */
export function DataBanner() {
  const { kind, limitation, unread } = useSession((session) => session.dataset);
  const sentence = kind === 'synthetic' ? SYNTHETIC : limitation;
  const detail = kind === 'synthetic' && !limitation?.startsWith(SYNTHETIC) ? limitation : null;
  const needs = useSession((session) => session.needs);
  const mapped = useSession(({ mapping }) => mapping !== null);
  const [matching, setMatching] = useState(false);
  if (sentence === null && unread.length === 0 && needs.length === 0) return null;
  return (
    <div className="pad sect">
      <div className="banner i">
        <Icon name="info" />
        <div className="grow">
          {sentence !== null && <p>{sentence}</p>}
          {detail !== null && <p className="t2">{detail}</p>}
          {sentence === null && mapped && <p>Names in your data were matched by hand.</p>}
          {unread.slice(0, 5).map(({ path, reason }) => (
            <p key={path} className="t2">
              Not read: {path}: {reason}
            </p>
          ))}
          {unread.length > 5 && <p className="t2">And {unread.length - 5} more files not read.</p>}
          {needs.length > 0 && (
            <button
              type="button"
              className="btn"
              style={{ marginTop: 8 }}
              onClick={() => setMatching(true)}
            >
              Match your data
            </button>
          )}
          {matching && <MappingDialog onClose={() => setMatching(false)} />}
        </div>
      </div>
    </div>
  );
}
