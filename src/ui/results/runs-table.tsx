import type { KeyboardEvent } from 'react';
import { runA, runB, selectRun } from '../../state/compare.ts';
import type { Run } from '../../state/run.ts';
import { Glossed } from '../glossed.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { differenceHeading, metricHeading, speedHeading, useColumns } from './columns.ts';
import { PlannedRow } from './planned-row.tsx';
import { RunRow } from './run-row.tsx';
import { RunningRow } from './running-row.tsx';
import { useGrowing } from './use-growing.ts';

/** The baseline, every run, and what runs or is planned. */
export function RunsTable() {
  const studio = useStudio();
  const runs = useSession((session) => session.runs);
  const selected = useSession((session) => session.selectedRunId);
  const newRunId = useSession(({ job }) =>
    job.status === 'running' && job.task.kind === 'compress' ? job.task.runId : null,
  );
  const picked = useSession((session) => session.picked);
  const columns = useColumns();
  const hidden = useSession((session) => session.hiddenColumns);
  const a = useSession((session) => runA(session)?.id ?? null);
  const b = useSession((session) => runB(session)?.id ?? null);
  const drawn = useGrowing(runs);
  const [baseline] = runs;
  if (!baseline) return null;
  const comparing = runs.length > 1;
  const compressing = newRunId !== null && !runs.some(({ id }) => id === newRunId);
  return (
    <table
      className={['runs', ...[...hidden].map((column) => `without-${column}`)].join(' ')}
      aria-label="Results"
    >
      <thead>
        <tr>
          {comparing && <th style={{ width: 62 }}>Compare</th>}
          <th>Run</th>
          <th className="num" style={{ width: 76 }}>
            Size, MB
          </th>
          <th className="num" data-column="wasm" style={{ width: 104 }}>
            <Glossed text={speedHeading('wasm')} />
          </th>
          <th className="num" data-column="webgpu" style={{ width: 112 }}>
            <Glossed text={speedHeading('webgpu')} />
          </th>
          <th className={columns.accuracy} data-column="metric" style={{ width: 106 }}>
            <Glossed text={metricHeading(columns.metric)} />
          </th>
          <th className="num wide-column" data-column="difference" style={{ width: 92 }}>
            <Glossed text={differenceHeading(columns.metric)} />
          </th>
          <th className={columns.answers} data-column="answers" style={{ width: 112 }}>
            <Glossed text="Same answers, %" />
          </th>
          <th className="num wide-column" data-column="gzip" style={{ width: 106 }}>
            <Glossed text="gzip, MB" />
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={(event) => moveFocus(event, runs, (id) => selectRun(studio, id))}>
        {drawn.map((run) => (
          <RunRow
            key={run.id}
            {...{ run, baseline }}
            selected={run.id === selected && comparing && (!compressing || picked)}
            reachable={run.id === selected}
            letter={!comparing ? null : run.id === b ? 'B' : run.id === a ? 'A' : ''}
          />
        ))}
        {compressing && <RunningRow indented={comparing} />}
        {newRunId === null && <PlannedRow indented={comparing} />}
      </tbody>
    </table>
  );
}

function moveFocus(
  event: KeyboardEvent<HTMLElement>,
  runs: readonly Run[],
  select: (id: string) => void,
): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('tr[tabindex]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = step === undefined ? undefined : runs[at + step];
  if (at < 0 || step === undefined || !next) return;
  event.preventDefault();
  select(next.id);
  rows[at + step]?.focus();
}
