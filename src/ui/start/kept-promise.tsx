import { askToPersist } from '../../state/persist.ts';
import { useApp, useStudio } from '../studio-context.tsx';

/** Whether the browser may clear what is kept when the disk runs short. */
export function KeptPromise() {
  const studio = useStudio();
  const persisted = useApp((state) => state.persisted);
  if (persisted === null) return null;
  if (persisted) return <p className="s12 t3 kept-promise">Kept until you delete it.</p>;
  return (
    <p className="s12 t2 kept-promise">
      The browser may clear it when the disk runs short.{' '}
      <button type="button" className="link" onClick={() => void askToPersist(studio)}>
        Ask it not to
      </button>
    </p>
  );
}
