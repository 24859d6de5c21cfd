import { useMemo } from 'react';
import type { Axis } from '../../report/chart/axes.ts';
import { type ChartPoint, chartPoints } from '../../report/chart/points.ts';
import type { Run } from '../../state/run.ts';
import { reproduced } from '../../state/shared.ts';
import { ChartHead } from '../results/chart-head.tsx';
import { TradeOffChart } from '../results/trade-off-chart.tsx';
import { TradeOffTable } from '../results/trade-off-table.tsx';
import { useChartChoice } from '../results/use-chart-choice.ts';
import { useApp } from '../studio-context.tsx';
import { useShared } from './use-shared.ts';

const THEIRS = 'theirs';
const YOUR_BASELINE = 'fp32 baseline, yours';
const nothing = () => {};
/** Theirs is not measured here at all. */
const NONE = [] as const;

/** Theirs hollow, yours filled. */
export function SharedChart() {
  const baseline = useShared(({ result }) => result.baseline);
  const theirs = useShared(({ result }) => result.run);
  const yours = useApp(reproduced);
  const own = useApp(({ session }) => session?.runs[0] ?? null);
  const choice = useChartChoice(theirs.accuracy?.metric ?? null);
  const { xId, yId, x, y, asTable } = choice;
  const { points, lacking } = useMemo(() => {
    const runs: Run[] = [
      { ...baseline, files: null, id: 'their-baseline', name: 'fp32 baseline' },
      { ...theirs, files: null, id: THEIRS, name: `Theirs: ${theirs.name}` },
      ...(yours ? [{ ...yours, name: `Yours: ${yours.name}` }] : []),
      ...(yours && own ? [{ ...own, name: YOUR_BASELINE }] : []),
    ];
    return drawn(runs, x, y);
  }, [baseline, theirs, yours, own, x, y]);
  const missing = lacking.some((run) => y.value(run) === null) ? y.noun : x.noun;
  return (
    <figure className="chart pad" aria-label="Trade-off chart">
      <ChartHead choice={choice} />
      {asTable ? (
        <TradeOffTable {...{ points, lacking, x, y }} />
      ) : (
        <TradeOffChart
          pending={NONE}
          key={`${xId} ${yId}`}
          {...{ points, x, y, missing }}
          plan={null}
          onSelect={nothing}
        />
      )}
      <figcaption className="s12 t2">
        {yours
          ? 'Hollow: theirs, claimed. Filled: yours, measured here.'
          : 'Hollow: theirs, claimed. Your runs appear here as solid points beside theirs.'}
      </figcaption>
    </figure>
  );
}

/** Points that a scale can hold: a forged link may well claim 0 ms. */
function drawn(runs: readonly Run[], x: Axis, y: Axis): ReturnType<typeof chartPoints<Run>> {
  const { points, lacking } = chartPoints(runs, x, y);
  const fits = (point: ChartPoint) => (!x.log || point.x > 0) && (!y.log || point.y > 0);
  const placed = points.filter(fits);
  const [theirs] = placed;
  return {
    points: placed
      .filter((it) => it.name !== YOUR_BASELINE || it.x !== theirs?.x || it.y !== theirs.y)
      .map((it) => ({ ...it, filled: it.id !== THEIRS })),
    lacking,
  };
}
