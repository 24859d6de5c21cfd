import { runFamily } from '../../report/chart/run-family.ts';
import { formatTimes } from '../../report/format.ts';
import { FamilyMark } from '../family-mark.tsx';
import { useSession } from '../studio-context.tsx';
import { cellSize } from './cell-size.ts';
import { useColumns } from './columns.ts';
import { MeasuringCell } from './measuring-cell.tsx';

/** The run that is being compressed. */
export function RunningRow({ indented }: { indented: boolean }) {
  const task = useSession(({ job }) => (job.status === 'running' ? job.task : null));
  const original = useSession(({ model }) => model.byteLength);
  const picked = useSession((session) => session.picked);
  const columns = useColumns();
  if (!task) return null;
  return (
    <tr className={picked ? '' : 'sel'}>
      {indented && <td className="compare-cell" />}
      <th scope="row" aria-label={task.name}>
        <span className="row">
          <FamilyMark family={runFamily(task.recipe)} hollow />
          <span className="ell">
            {task.name}
            <small>compressing</small>
          </span>
        </span>
      </th>
      <td className="num" data-value={task.plannedBytes ?? undefined}>
        {task.plannedBytes !== null && (
          <>
            <b>{cellSize(task.plannedBytes)}</b>
            <small>{formatTimes(original / task.plannedBytes)}, exact</small>
          </>
        )}
      </td>
      <MeasuringCell />
      <td className="num wide-column" data-column="difference" />
      <td className={columns.answers} data-column="answers" />
      <td className="num wide-column" data-column="gzip" />
    </tr>
  );
}
