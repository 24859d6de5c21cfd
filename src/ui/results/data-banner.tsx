import { showMatching } from '../../state/map-data.ts';
import { seemSwapped } from '../../state/swapped-classes.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

const SYNTHETIC = 'Synthetic inputs: fidelity only, accuracy not measured';

/** Why accuracy is not measured, and which files were not read. */
export function DataBanner() {
  const { kind, limitation, unread } = useSession((session) => session.dataset);
  const sentence = kind === 'synthetic' ? SYNTHETIC : limitation;
  const detail = kind === 'synthetic' && !limitation?.startsWith(SYNTHETIC) ? limitation : null;
  const canMatch = useSession(({ needs }) => needs.length > 0);
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
          {canMatch && sentence !== null && <MatchButton className="btn" />}
        </div>
      </div>
    </div>
  );
}

/** Under the runs, once nothing is open: how names were matched, and the way to change it. */
export function MatchedNote() {
  const matched = useSession(
    ({ needs, mapping, dataset }) =>
      needs.length > 0 && mapping !== null && dataset.limitation === null,
  );
  const swapped = useSession(seemSwapped);
  if (!matched) return null;
  return (
    <p className={swapped ? 's12 warn row matched' : 's11 t2 row matched'}>
      {swapped
        ? 'The original is right less often than by guessing: are classes matched the wrong way round?'
        : 'Names in your data were matched by hand.'}
      <MatchButton className="btn small" />
    </p>
  );
}

function MatchButton({ className }: { className: string }) {
  const studio = useStudio();
  return (
    <button type="button" className={className} onClick={() => showMatching(studio, true)}>
      Match your data
    </button>
  );
}
