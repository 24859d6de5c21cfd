import { memo, useMemo } from 'react';
import { encodingHelp } from '../../catalog/encoding-help.ts';
import { TECHNIQUES } from '../../catalog/techniques.ts';
import {
  formatBytes,
  formatCount,
  formatDb,
  formatDims,
  formatNumber,
} from '../../report/format.ts';
import { stepsOf } from '../../report/plan-summary.ts';
import { filterWeights, selectWeight } from '../../state/look-at.ts';
import { Glossed } from '../glossed.tsx';
import { focusStep } from '../recipe/focus-step.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import { Term } from '../term.tsx';
import { OverrideMenu } from './override-menu.tsx';
import { valueWords } from './value-words.ts';
import { ValuesView } from './values-view.tsx';
import type { WeightState } from './weight-state.ts';

/** The chosen weights: what becomes of them, what else could, and the values of the selected one. */
export const SelectedWeight = memo(function SelectedWeight({
  states,
}: {
  states: readonly WeightState[];
}) {
  const selected = useSession(({ selectedWeight }) => selectedWeight);
  const marked = useSession(({ markedWeights }) => markedWeights);
  const chosen = useMemo(() => {
    const isChosen = (name: string) => (marked.size > 0 ? marked.has(name) : name === selected);
    return states.filter(({ weight }) => isChosen(weight.name));
  }, [states, selected, marked]);
  const active = chosen.find(({ weight }) => weight.name === selected) ?? chosen[0];
  if (!active) {
    return (
      <section className="values s12 t3" aria-label="Selected weight">
        Select a weight to see its values, and to give it a step of its own.
      </section>
    );
  }
  const compressible = chosen.filter(({ weight }) => weight.notCompressible === null);
  return (
    <section className="values" aria-label="Selected weight">
      <div className="sh">
        {chosen.length > 1 ? <Several chosen={chosen} /> : <Title state={active} />}
        <span className="right">
          <Steps state={active} />
          {compressible.length > 0 && <OverrideMenu chosen={compressible} />}
        </span>
      </div>
      {chosen.length > 1 && <Title state={active} quiet />}
      <Facts state={active} />
      <WhyAlone state={active} />
      <ValuesView state={active} />
    </section>
  );
});

function Title({ state: { weight }, quiet = false }: { state: WeightState; quiet?: boolean }) {
  return (
    <h3 className={quiet ? 'name s11 t2' : 'name'} title={weight.name}>
      <bdi>{weight.label}</bdi>
    </h3>
  );
}

function Several({ chosen }: { chosen: readonly WeightState[] }) {
  const studio = useStudio();
  const sum = (of: (state: WeightState) => number) =>
    formatBytes(chosen.reduce((bytes, state) => bytes + of(state), 0));
  return (
    <>
      <h3>{formatCount(chosen.length)} weights</h3>
      <span className="t2 nowrap several">
        {sum(({ weight }) => weight.byteLength)} → {sum(({ bytesAfter }) => bytesAfter)}
      </span>
      <button
        type="button"
        className="link"
        onClick={() => selectWeight(studio, chosen[0]?.weight.name ?? null)}
      >
        Only one
      </button>
    </>
  );
}

function Facts({ state: { weight, sqnrDb, family, encoding } }: { state: WeightState }) {
  const values = useSession((session) => session.values);
  const shown = values.status === 'ready' ? values.values : null;
  const help = family === null ? '' : encodingHelp(encoding);
  return (
    <div className="s11 t3 row between">
      <span className="ell">
        {weight.op}, {formatDims(weight.dims)}
        {shown &&
          `, std ${formatNumber(shown.before.standardDeviation, 3)}, max |w| ${valueWords(shown.limit)}`}
      </span>
      <span className="t2 nowrap">
        {help !== '' && <Term meaning={help}>{encoding}</Term>}
        {help !== '' && sqnrDb !== null && ', '}
        {sqnrDb !== null && <Glossed text={`SQNR ${formatDb(sqnrDb)}`} />}
      </span>
    </div>
  );
}

/** Why no step acts on it, and what else is left alone for it; or what its step says of it. */
function WhyAlone({ state: { weight, family, reason } }: { state: WeightState }) {
  const studio = useStudio();
  const own = usePlanned(weight.name);
  if (family !== null) return reason === null ? null : <p className="s11 t2">{reason}.</p>;
  const why = reason ?? own?.reason ?? null;
  if (why === null) return null;
  return (
    <p className="s11 t2">
      Left alone: {why}.{' '}
      <button type="button" className="link" onClick={() => filterWeights(studio, why)}>
        Show all that are
      </button>
    </p>
  );
}

/** The steps that act on it: each leads to its card. */
function Steps({ state: { weight } }: { state: WeightState }) {
  const recipe = useSession((session) => session.recipe);
  const planned = usePlanned(weight.name);
  return (planned ? stepsOf(planned) : []).flatMap((index) => {
    const technique = recipe.steps[index]?.technique;
    if (technique === undefined) return [];
    return (
      <button
        key={index}
        type="button"
        className="link s11 nowrap"
        title={`Show the step that takes it: ${TECHNIQUES[technique].label}`}
        onClick={() => focusStep(index, 'card')}
      >
        Step {index + 1}
      </button>
    );
  });
}

function usePlanned(name: string) {
  const plan = useSession(({ planning }) => planning.plan);
  return useMemo(() => plan?.weights.find((it) => it.name === name), [plan, name]);
}
