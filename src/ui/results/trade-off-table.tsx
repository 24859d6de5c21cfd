import type { Axis } from '../../report/chart/axes.ts';
import type { ChartPoint } from '../../report/chart/points.ts';
import type { Run } from '../../state/run.ts';
import { Glossed } from '../glossed.tsx';

interface Props {
  readonly points: readonly ChartPoint[];
  readonly lacking: readonly Run[];
  readonly x: Axis;
  readonly y: Axis;
}

/** The chart's data as a table. */
export function TradeOffTable({ points, lacking, x, y }: Props) {
  return (
    <table className="plain" aria-label="Trade-off data">
      <thead>
        <tr>
          <th>Run</th>
          <th className="num">
            <Glossed text={x.label} />
          </th>
          <th className="num">
            <Glossed text={y.label} />
          </th>
          <th className="num">
            <Glossed text="95 % interval" />
          </th>
          <th>
            <Glossed text="Pareto front" />
          </th>
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={point.id}>
            <td className="ell">{point.name}</td>
            <td className="num" data-value={point.x}>
              {x.words(point.x)}
            </td>
            <td className="num" data-value={point.y}>
              {y.words(point.y)}
            </td>
            <td className="num">{intervalWords(point, y)}</td>
            <td>{point.onFront ? 'on it' : point.part ? 'not all rows scored' : 'beaten'}</td>
          </tr>
        ))}
        {lacking.map((run) => (
          <tr key={run.id}>
            <td className="ell">{run.name}</td>
            <td className="num nm" colSpan={4}>
              not measured
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function intervalWords({ y, error: [below, above] }: ChartPoint, axis: Axis): string {
  if (below === 0 && above === 0) return 'none';
  return `${axis.words(y - below)} to ${axis.words(y + above)}`;
}
