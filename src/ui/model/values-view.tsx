import { useMemo } from 'react';
import { selectedRun } from '../../state/hand-out.ts';
import { useSession } from '../studio-context.tsx';
import { FocusPicker } from './focus-picker.tsx';
import { Histogram } from './histogram.tsx';
import { weightColour } from './weight-colour.ts';
import { type WeightState, withoutIds } from './weight-state.ts';

/** The values of the selected weight, before and after, and which part of it they are of. */
export function ValuesView({ state }: { state: WeightState }) {
  const values = useSession((session) => session.values);
  const run = useSession(selectedRun);
  // The table beside it then shows another run: the one that is made.
  const running = useSession(
    ({ job }) =>
      (job.status === 'running' || job.status === 'asking') && job.task.kind === 'compress',
  );
  const row = useMemo(
    () => run?.weights.find(({ name }) => name === state.weight.name),
    [run, state.weight.name],
  );
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
            after{row && row.technique !== null && `, ${withoutIds(row.encoding)}`}
            {running && run && ` in ${run.name}`}
          </span>
        ) : (
          <span className="t3 wrap">
            <i className="sw dashed" />
            {held.missing === null
              ? values.status === 'loading'
                ? 'after: reading it'
                : run?.kind === 'run'
                  ? 'after: this run left it as it was'
                  : running
                    ? 'after: when this run has ended'
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
