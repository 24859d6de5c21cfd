import { memo, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { AXES, type AxisId, axisOf, X_AXES, Y_AXES } from '../../report/chart/axes.ts';
import { chartPoints } from '../../report/chart/points.ts';
import { runA, selectRun } from '../../state/compare.ts';
import { sameRecipe } from '../../state/recipe-name.ts';
import { FamilyMark } from '../family-mark.tsx';
import { IconButton } from '../icon-button.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { AxisSelect } from './axis-select.tsx';
import type { Plan } from './chart-overlay.tsx';
import { type ChartPair, ChartPairContext } from './chart-pair.ts';
import type { ExportedChart } from './export-chart.ts';
import { ExportMenu } from './export-menu.tsx';
import { TradeOffChart } from './trade-off-chart.tsx';
import { TradeOffTable } from './trade-off-table.tsx';

/** Runs on two axes that the person chooses, with the front and the plan. */
export const TradeOff = memo(function TradeOff() {
  const studio = useStudio();
  // Drawn a moment after the table: a new run redraws both.
  const runs = useDeferredValue(useSession((session) => session.runs));
  const pair = useChartPair();
  const metric = useSession(({ dataset }) => dataset.metric);
  const [xId, setX] = useState<AxisId>('size');
  const [chosenY, setY] = useState<AxisId | null>(null);
  const [asTable, setAsTable] = useState(false);
  const figure = useRef<HTMLElement>(null);
  const title = useSession(({ model }) => model.title);
  const yId = chosenY ?? (metric ? 'accuracy' : 'cosine');
  const [x, y] = useMemo(() => [AXES[xId], axisOf(yId, metric)], [xId, yId, metric]);
  const { points, lacking } = useMemo(() => chartPoints(runs, x, y), [runs, x, y]);
  const missing = lacking.some((run) => y.value(run) === null) ? y.noun : x.noun;
  const plan = usePlan(xId, y.noun);
  const onSelect = useCallback((id: string) => selectRun(studio, id), [studio]);
  const families = [...new Set(points.map(({ family }) => family))];
  const yAxes = metric ? Y_AXES : Y_AXES.filter((id) => id !== 'accuracy');
  const labelOf = (id: AxisId) => axisOf(id, metric).label;
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
      <div className="sh" style={{ marginBottom: 6 }}>
        <h3>Trade-off</h3>
        <span className="right">
          <AxisSelect name="y" value={yId} choices={yAxes} labelOf={labelOf} onChange={setY} />
          <AxisSelect name="x" value={xId} choices={X_AXES} labelOf={labelOf} onChange={setX} />
          {!asTable && <ExportMenu chart={drawn} />}
          <IconButton
            icon={asTable ? 'chart' : 'grid'}
            name="Show as table"
            pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          />
        </span>
      </div>
      {asTable ? (
        <TradeOffTable {...{ points, lacking, x, y }} />
      ) : (
        <ChartPairContext value={pair}>
          <TradeOffChart key={`${xId} ${yId}`} {...{ points, x, y, plan, missing, onSelect }} />
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
            {note}
          </span>
        ))}
      </figcaption>
    </figure>
  );
});

/** A and B, where there are two runs to choose from. */
function useChartPair(): ChartPair {
  const a = useSession((session) => runA(session)?.id ?? null);
  const b = useSession((session) => session.selectedRunId);
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
