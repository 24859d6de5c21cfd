import { Icon } from '../icon.tsx';
import { useSession } from '../studio-context.tsx';

const SYNTHETIC = 'Synthetic inputs: fidelity only, accuracy not measured';

/** Why accuracy is not measured, and which files were not read. */
export function DataBanner() {
  const { kind, limitation, unread } = useSession((session) => session.dataset);
  const sentence = kind === 'synthetic' ? SYNTHETIC : limitation;
  const detail = kind === 'synthetic' && !limitation?.startsWith(SYNTHETIC) ? limitation : null;
  if (sentence === null && unread.length === 0) return null;
  return (
    <div className="pad sect">
      <div className="banner i">
        <Icon name="info" />
        <div className="grow">
          {sentence !== null && <p>{sentence}</p>}
          {detail !== null && <p className="t2">{detail}</p>}
          {unread.slice(0, 5).map(({ path, reason }) => (
            <p key={path} className="t2">
              Not read: {path}: {reason}
            </p>
          ))}
          {unread.length > 5 && <p className="t2">And {unread.length - 5} more files not read.</p>}
        </div>
      </div>
    </div>
  );
}
