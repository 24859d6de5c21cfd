import { useSession } from '../studio-context.tsx';
import { FocusPicker } from './focus-picker.tsx';
import { Histogram } from './histogram.tsx';
import { weightColour } from './weight-colour.ts';
import type { WeightState } from './weight-state.ts';

/** The values of the selected weight, before and after, and which part of it they are of. */
export function ValuesView({ state }: { state: WeightState }) {
  const values = useSession((session) => session.values);
  const isRun = useSession(({ runs, selectedRunId }) =>
    runs.some(({ id, kind }) => id === selectedRunId && kind === 'run'),
  );
  const colour = useSession(({ runs, selectedRunId }) => {
    const row = runs
      .find(({ id }) => id === selectedRunId)
      ?.weights.find(({ name }) => name === state.weight.name);
    return row ? (row.technique === null ? null : row.encoding) : null;
  });
  if (values.status === 'failed') return <p className="s12 bad">{values.failure.message}</p>;
  const shown = values.status === 'ready' ? values.values : null;
  const held = values.status === 'loading' ? values.shown : shown;
  if (!held) return <div className="skeleton histogram-room" aria-busy="true" />;
  const token = state.family === null ? 'q8' : weightColour(state);
  return (
    <div aria-busy={values.status === 'loading'}>
      <Histogram values={held} colour={token} label={state.weight.label} />
      <div className="legend">
        <span>
          <i
            className={held.after ? 'sw outline' : 'sw'}
            style={held.after ? undefined : { background: 'var(--plain)' }}
          />
          before
        </span>
        {held.after ? (
          <span>
            <i className="sw" style={{ background: `var(--${token})` }} />
            after{colour === null ? '' : `, ${colour.slice(colour.indexOf(' ') + 1)}`}
          </span>
        ) : (
          <span className="t3 wrap">
            <i className="sw dashed" />
            {held.missing === null
              ? isRun
                ? 'after: this run left it as it was'
                : 'after: compress to see it'
              : `after: not measured. ${held.missing}`}
          </span>
        )}
        {held.levels && <span>levels: {held.levels.length}</span>}
      </div>
      {held.channels && <FocusPicker channels={held.channels} focus={held.focus} />}
    </div>
  );
}
