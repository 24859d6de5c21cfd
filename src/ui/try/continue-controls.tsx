import { continueText, textToContinue } from '../../state/continue-text.ts';
import { endContinuation } from '../../state/try.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { ContinueFields } from './continue-fields.tsx';

/** Begins to go on with the text, and ends it. */
export function ContinueControls() {
  const studio = useStudio();
  const running = useSession(({ trying }) => trying.continuation?.ends === null);
  const busy = useSession(({ job }) => job.status === 'running');
  const text = useSession(() => textToContinue(studio));
  const nothing = text === null || text === '';
  return (
    <div className="row wrap-row">
      {running ? (
        <button type="button" className="btn" onClick={() => endContinuation(studio)}>
          <Icon name="stop" small />
          Stop
        </button>
      ) : (
        <button
          type="button"
          className="btn"
          aria-disabled={nothing || busy}
          title={busy ? 'A job is running' : nothing ? 'Type how a text begins' : undefined}
          onClick={() => {
            if (!nothing && !busy) void continueText(studio);
          }}
        >
          Continue the text
        </button>
      )}
      <ContinueFields />
    </div>
  );
}
