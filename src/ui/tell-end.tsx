import { setTellEnds } from '../state/watch-end.ts';
import { useApp, useStudio } from './studio-context.tsx';

/** Offered beside a job that is long enough to be left alone. */
export function TellEnd() {
  const studio = useStudio();
  const tellEnds = useApp((state) => state.tellEnds);
  if (tellEnds === 'blocked') {
    return (
      <p className="s12 t3">
        The browser does not let this page notify: the tab’s title tells when it ends.
      </p>
    );
  }
  return (
    <label className="check s12">
      <input
        type="checkbox"
        checked={tellEnds === 'on'}
        onChange={(event) => void setTellEnds(studio, event.currentTarget.checked)}
      />
      Tell me when it ends
    </label>
  );
}
