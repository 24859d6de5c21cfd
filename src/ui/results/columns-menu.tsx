import { RUN_COLUMNS, type RunColumn } from '../../state/run-column.ts';
import { showColumn } from '../../state/run-columns.ts';
import { Icon } from '../icon.tsx';
import { Menu, MenuCheck } from '../menu.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { differenceHeading, metricHeading, speedHeading, useColumns } from './columns.ts';

/** Which columns the runs table has, where there is room for them. */
export function ColumnsMenu() {
  const studio = useStudio();
  const hidden = useSession((session) => session.hiddenColumns);
  const { metric } = useColumns();
  const names: Readonly<Record<RunColumn, string>> = {
    wasm: speedHeading('wasm'),
    webgpu: speedHeading('webgpu'),
    metric: metricHeading(metric),
    difference: differenceHeading(metric),
    answers: 'Same answers, %',
    gzip: 'gzip, MB',
  };
  return (
    <Menu
      width={200}
      button={
        <button type="button" className="btn icon" aria-label="Columns" title="Columns">
          <Icon name="grid" />
        </button>
      }
    >
      {RUN_COLUMNS.map((column) => {
        const shown = !hidden.has(column);
        return (
          <MenuCheck
            key={column}
            checked={shown}
            onChange={() => showColumn(studio, column, !shown)}
          >
            {names[column]}
          </MenuCheck>
        );
      })}
    </Menu>
  );
}
