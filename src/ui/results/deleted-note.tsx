import { forgetDeleted, undoDelete } from '../../state/manage-runs.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';

/** The run that was deleted last can come back. */
export function DeletedNote() {
  const studio = useStudio();
  const name = useSession(({ deletedRun }) => deletedRun?.run.name ?? null);
  if (name === null) return null;
  return (
    <div className="deleted-note s12">
      <span className="ell">Deleted {name}</span>
      <button type="button" className="link" onClick={() => undoDelete(studio)}>
        Undo
      </button>
      <button
        type="button"
        className="btn icon"
        aria-label="Dismiss"
        onClick={() => forgetDeleted(studio)}
      >
        <Icon name="x" small />
      </button>
    </div>
  );
}
