import { memo, useCallback, useDeferredValue, useMemo, useRef } from 'react';
import { AXES, type AxisId } from '../../report/chart/axes.ts';
import { chartPoints } from '../../report/chart/points.ts';
import { runA, runB, selectRun } from '../../state/compare.ts';
import { sameRecipe } from '../../state/recipe-name.ts';
import type { Run } from '../../state/run.ts';
import { FamilyMark } from '../family-mark.tsx';
import { Glossed } from '../glossed.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { ChartHead } from './chart-head.tsx';
import { type ChartPair, ChartPairContext } from './chart-pair.ts';
import type { Plan } from './chart-plan.ts';
import type { ExportedChart } from './export-chart.ts';
import { ExportMenu } from './export-menu.tsx';
import { pendingRuns } from './pending-runs.tsx';
import { TradeOffChart } from './trade-off-chart.tsx';
import { TradeOffTable } from './trade-off-table.tsx';
import { useChartChoice } from './use-chart-choice.ts';
import { AT_ONCE } from './use-growing.ts';

const NO_RUNS: readonly Run[] = [];

/** Runs on two axes that the person chooses, with the front and the plan. */
export const TradeOff = memo(function TradeOff() {
  const studio = useStudio();
  // Drawn a moment after the table: a new run redraws both, and opening many draws all of them.
  const all = useSession((session) => session.runs);
  const runs = useDeferredValue(all, all.length > AT_ONCE ? NO_RUNS : all);
  const pair = useChartPair();
  const metric = useSession(({ dataset }) => dataset.metric);
  const choice = useChartChoice(metric);
  const { xId, yId, x, y, asTable } = choice;
  const figure = useRef<HTMLElement>(null);
  const title = useSession(({ model }) => model.title);
  const { points, lacking } = useMemo(() => chartPoints(runs, x, y), [runs, x, y]);
  const missing = lacking.some((run) => y.value(run) === null) ? y.noun : x.noun;
  const pending = useMemo(() => pendingRuns(lacking, x, y), [lacking, x, y]);
  const plan = useDeferredValue(usePlan(xId, y.noun));
  const onSelect = useCallback((id: string) => selectRun(studio, id), [studio]);
  const families = [...new Set(points.map(({ family }) => family))];
  const notes = [
    runs.length > 1
      ? 'Filled: on the Pareto front. Bars: 95 % interval of the difference from fp32.'
      : 'The dashed line follows the sliders. Each run adds a point with its 95 % interval.',
    ...(lacking.length > 0 && points.length > 0
      ? [`${lacking.length} ${lacking.length === 1 ? 'run' : 'runs'} without ${missing}.`]
      : []),
  ];
  const drawn = (): ExportedChart | null => {
    const drawing = figure.current?.querySelector<SVGSVGElement>('.plot-frame svg');
    const what = `${y.label} and ${x.label} of ${title}`;
    return drawing ? { drawing, families, notes, title: what } : null;
  };
  return (
    <figure className="chart pad" aria-label="Trade-off chart" ref={figure}>
      <ChartHead choice={choice}>{!asTable && <ExportMenu chart={drawn} />}</ChartHead>
      {asTable ? (
        <TradeOffTable {...{ points, lacking, x, y }} />
      ) : (
        <ChartPairContext value={pair}>
          <TradeOffChart
            key={`${xId} ${yId}`}
            {...{ points, pending, x, y, plan, missing, onSelect }}
          />
        </ChartPairContext>
      )}
      <figcaption className="legend" style={{ marginTop: 6 }}>
        {families.map((family) => (
          <span key={family}>
            <FamilyMark family={family} />
            {family}
          </span>
        ))}
        {notes.map((note) => (
          <span key={note} className="t3">
            <span>
              <Glossed text={note} />
            </span>
          </span>
        ))}
      </figcaption>
    </figure>
  );
});

/** A and B, where there are two runs to choose from. */
function useChartPair(): ChartPair {
  const a = useSession((session) => runA(session)?.id ?? null);
  const b = useSession((session) => runB(session)?.id ?? null);
  return useMemo(() => ({ a, b: a === null ? null : b }), [a, b]);
}

/** The dry run's size on the chart, while no run has this recipe. */
function usePlan(xId: AxisId, yNoun: string): Plan | null {
  const bytes = useSession(({ planning, runs, recipe }) =>
    runs.some((it) => it.recipe && sameRecipe(it.recipe, recipe))
      ? null
      : (planning.plan?.byteLength ?? null),
  );
  return useMemo(() => {
    if (xId !== 'size' || bytes === null) return null;
    const x = bytes / 1e6;
    return { x, words: AXES.size.words(x), unknown: `${yNoun} not measured` };
  }, [xId, yNoun, bytes]);
}
