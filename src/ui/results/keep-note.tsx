import { formatBytes } from '../../report/format.ts';
import type { Session } from '../../state/state.ts';
import { Icon } from '../icon.tsx';
import { useSession } from '../studio-context.tsx';

/** What would be gone with the tab, and why. */
export function KeepNote() {
  const keeping = useSession((session) => session.keeping);
  const lost = useSession(lostRuns);
  if (keeping.status !== 'not-kept' && lost === '') return null;
  return (
    <div className="pad sect">
      <div className="banner">
        <span className="warn">
          <Icon name="warn" />
        </span>
        <div className="grow">
          {keeping.status === 'not-kept' && (
            <p>{keeping.failure.message} What is done in this tab is not kept.</p>
          )}
          {lost !== '' && (
            <p>No room in this browser for {lost}. Download before you close the tab.</p>
          )}
        </div>
      </div>
    </div>
  );
}

/** "int4 (14.4 MB), int8 (23.0 MB)"; those that a reload would lose. */
function lostRuns({ runs, runsNotKept }: Session): string {
  return runs
    .filter(({ id, files }) => runsNotKept.has(id) && files !== null && files.length > 0)
    .map(({ name, output }) => `${name} (${formatBytes(output.byteLength)})`)
    .join(', ');
}
