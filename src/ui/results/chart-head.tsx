import type { ReactNode } from 'react';
import { type AxisId, axisOf, X_AXES, Y_AXES } from '../../report/chart/axes.ts';
import { IconButton } from '../icon-button.tsx';
import { AxisSelect } from './axis-select.tsx';
import type { ChartChoice } from './use-chart-choice.ts';

interface Props {
  readonly choice: ChartChoice;
  /** What else is done with the chart. */
  readonly children?: ReactNode;
}

/** The trade-off's title, its axes, and the table in place of the drawing. */
export function ChartHead({ choice, children }: Props) {
  const { metric, xId, yId, asTable, setX, setY, setAsTable } = choice;
  const yAxes = metric ? Y_AXES : Y_AXES.filter((id) => id !== 'accuracy');
  const labelOf = (id: AxisId) => axisOf(id, metric).label;
  return (
    <div className="sh chart-head">
      <h3>Trade-off</h3>
      <span className="right">
        <AxisSelect name="y" value={yId} choices={yAxes} labelOf={labelOf} onChange={setY} />
        <AxisSelect name="x" value={xId} choices={X_AXES} labelOf={labelOf} onChange={setX} />
        {children}
        <IconButton
          icon={asTable ? 'chart' : 'grid'}
          name="Show as table"
          pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        />
      </span>
    </div>
  );
}
