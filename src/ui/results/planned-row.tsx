import { memo } from 'react';
import { runFamily } from '../../report/chart/run-family.ts';
import { formatCount, formatExactBytes, formatTimes } from '../../report/format.ts';
import { metricInfo } from '../../report/metrics.ts';
import { sameRecipe } from '../../state/recipe-name.ts';
import { FamilyMark } from '../family-mark.tsx';
import { useSession } from '../studio-context.tsx';
import { cellSize, cellUnit } from './cell-size.ts';
import { useColumns } from './columns.ts';

/** The recipe as it stands: its exact size, everything else not measured. */
export const PlannedRow = memo(function PlannedRow({ indented }: { indented: boolean }) {
  const recipe = useSession((session) => session.recipe);
  const plan = useSession(({ planning }) => planning.plan);
  const original = useSession(({ model }) => model.byteLength);
  const isRun = useSession(({ runs }) =>
    runs.some((it) => it.recipe && sameRecipe(it.recipe, recipe)),
  );
  const paused = useSession(({ job }) =>
    job.status === 'asking' && job.task.recipe && sameRecipe(job.task.recipe, recipe) ? job : null,
  );
  const columns = useColumns();
  if (!plan || isRun) return null;
  const name = paused?.task.name ?? 'This recipe';
  return (
    <tr className="ghost">
      {indented && <td className="compare-cell" />}
      <th scope="row" aria-label={name}>
        <span className="row">
          <FamilyMark family={runFamily(recipe)} hollow />
          <span className="ell">
            {name}
            <small>
              {paused && paused.finished.size > 0
                ? `paused at ${formatCount(paused.finished.size)} of ${formatCount(paused.total)} weights`
                : 'planned, not compressed yet'}
            </small>
          </span>
        </span>
      </th>
      <td
        className="num"
        data-value={plan.byteLength}
        data-unit={cellUnit(plan.byteLength)}
        title={formatExactBytes(plan.byteLength)}
      >
        <b>{cellSize(plan.byteLength)}</b>
        <small>
          {formatTimes(original / plan.byteLength)}, {plan.exact ? 'exact' : 'at most'}
        </small>
      </td>
      {[
        ['wasm', 'WASM', 'num'],
        ['webgpu', 'WebGPU', 'num'],
        ['metric', metricInfo(columns.metric).label, columns.accuracy],
        ['difference', 'Difference', 'num wide-column'],
        ['answers', 'Same answers', columns.answers],
        ['gzip', 'gzip', 'num wide-column'],
      ].map(([id, label, column]) => (
        <td key={id} className={`${column} nm`} data-column={id} data-label={label}>
          not measured
        </td>
      ))}
    </tr>
  );
});
