import { memo, useDeferredValue, useMemo, useState } from 'react';
import {
  formatBytes,
  formatCount,
  formatExactBytes,
  formatParameters,
} from '../../report/format.ts';
import type { ModelSummary } from '../../report/model-summary.ts';
import { selectedRun } from '../../state/hand-out.ts';
import { sameRecipe } from '../../state/recipe-name.ts';
import { workInView } from '../../state/work-in-view.ts';
import { Hint } from '../hint.tsx';
import { IconButton } from '../icon-button.tsx';
import { Panel } from '../panel.tsx';
import { Segmented } from '../segmented.tsx';
import { useSession } from '../studio-context.tsx';
import { EncodingLegend } from './encoding-legend.tsx';
import { GraphFacts } from './graph-facts.tsx';
import { SelectedWeight } from './selected-weight.tsx';
import { Treemap } from './treemap.tsx';
import { type View, weightStates } from './weight-state.ts';
import { WeightsSection } from './weights-section.tsx';

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'original', label: 'Original' },
  { value: 'planned', label: 'Planned' },
  { value: 'now', label: 'Now' },
];

export function ModelPanel({ onCollapse }: { onCollapse?: () => void }) {
  const model = useSession((session) => session.model);
  const { view, hasNow, choose, states } = useWeightView();
  const isPlanned = useSession(
    ({ planning }) => planning.plan !== null || planning.status === 'failed',
  );
  return (
    <Panel
      name="Model"
      sub={model.fileName}
      actions={
        onCollapse && <IconButton icon="collapse" name="Collapse Model" onClick={onCollapse} />
      }
    >
      <div className="model-body">
        <div className="pad sect" style={{ paddingBottom: 10 }}>
          <Facts model={model} />
          <GraphFacts model={model} />
          {model.notes.slice(0, 3).map((note) => (
            <p key={note} className="s11 t2" style={{ marginTop: 4 }}>
              {note}
            </p>
          ))}
        </div>
        <div className="pad sect">
          <div className="sh" style={{ marginBottom: 8 }}>
            <h3>Where the bytes are</h3>
            <span className="right">
              <Segmented
                name="Treemap"
                value={view}
                choices={hasNow ? VIEWS : VIEWS.slice(0, 2)}
                onChange={choose}
                small
              />
            </span>
          </div>
          {isPlanned ? <Treemap states={states} /> : <div className="skeleton treemap-room" />}
          <EncodingLegend states={states} />
        </div>
        <WeightsSection states={states} view={view} />
        <SelectedWeight states={states} />
      </div>
    </Panel>
  );
}

/** "Now" while compressing, and for the run of the recipe; it is left when the recipe changes. */
function useWeightView() {
  const weights = useSession(({ model }) => model.weights);
  const plan = useSession(({ planning }) => planning.plan);
  const recipe = useSession((session) => session.recipe);
  const run = useSession(selectedRun);
  const finished = useSession((session) => workInView(session)?.finished ?? null);
  const running = finished !== null;
  const isDone = useMemo(
    () => Boolean(run?.recipe && sameRecipe(run.recipe, recipe)),
    [run, recipe],
  );
  const [choice, setChoice] = useState({ view: null as View | null, recipe, running });
  const stands = choice.recipe === recipe && choice.running === running;
  const hasNow = running || run?.kind === 'run';
  const wanted = (stands ? choice.view : null) ?? (running || isDone ? 'now' : 'planned');
  const view = wanted === 'now' && !hasNow ? 'planned' : wanted;
  const done = useMemo(
    () => finished ?? new Map(run?.weights.map((row) => [row.name, row])),
    [finished, run],
  );
  // Sliders come first: a model of many weights may be told and drawn a moment later.
  const sources = useDeferredValue(
    useMemo(() => ({ view, plan, recipe, done, running }), [view, plan, recipe, done, running]),
  );
  const states = useMemo(() => weightStates(weights, sources), [weights, sources]);
  const choose = (next: View) => setChoice({ view: next, recipe, running });
  return { view, hasNow, choose, states };
}

const Facts = memo(function Facts({ model }: { model: ModelSummary }) {
  const compressible = model.weights.filter((it) => it.notCompressible === null).length;
  return (
    <dl className="kv two">
      <dt>Format</dt>
      <dd>ONNX, opset {model.opset}</dd>
      <dt>Size</dt>
      <dd>
        <Hint label={formatExactBytes(model.byteLength)}>
          <span>{formatBytes(model.byteLength)}</span>
        </Hint>
      </dd>
      <dt>Weights</dt>
      <dd>
        {formatCount(model.weights.length)}, {formatCount(compressible)} compressible
      </dd>
      <dt>Parameters</dt>
      <dd>
        <Hint label={formatCount(model.parameterCount)}>
          <span>{formatParameters(model.parameterCount)}</span>
        </Hint>
      </dd>
    </dl>
  );
});
