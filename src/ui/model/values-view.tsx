import { useMemo } from 'react';
import { selectedRun } from '../../state/hand-out.ts';
import { sameRecipe } from '../../state/recipe-name.ts';
import type { Session } from '../../state/state.ts';
import { workInView } from '../../state/work-in-view.ts';
import { useSession } from '../studio-context.tsx';
import { afterWords } from './after-words.ts';
import { FocusPicker } from './focus-picker.tsx';
import { Histogram } from './histogram.tsx';
import { weightColour } from './weight-colour.ts';
import { type WeightState, withoutIds } from './weight-state.ts';

/** The values of the selected weight, before and after, and which part of it they are of. */
export function ValuesView({ state }: { state: WeightState }) {
  const values = useSession((session) => session.values);
  const run = useSession(selectedRun);
  const { name } = state.weight;
  const working = useSession((session) => workInView(session) !== null);
  const picked = useSession((session) => session.picked);
  const inWork = working && !picked;
  const finished = useSession((session) => workInView(session)?.finished.get(name) ?? null);
  const passedOver = useSession((session) => passesOver(session, name));
  const row = useMemo(
    () => (inWork ? finished : (run?.weights.find((it) => it.name === name) ?? null)),
    [inWork, finished, run, name],
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
            {working && picked && run && ` in ${run.name}`}
          </span>
        ) : (
          <span className="t3 wrap">
            <i className="sw dashed" />
            {afterWords({
              ...{ inWork, passedOver, row, missing: held.missing, hasRun: run?.kind === 'run' },
              loading: values.status === 'loading',
            })}
          </span>
        )}
        {held.levels && <span>levels: {held.levels.length}</span>}
      </div>
      {held.channels && <FocusPicker channels={held.channels} focus={held.focus} />}
    </div>
  );
}

/** Whether the run that goes on leaves a weight alone, by its plan; false where that is another one. */
function passesOver(session: Session, name: string): boolean {
  const { recipe } = workInView(session)?.task ?? { recipe: null };
  if (!recipe || !sameRecipe(recipe, session.recipe)) return false;
  return session.planning.plan?.weights.find((it) => it.name === name)?.step === null;
}
