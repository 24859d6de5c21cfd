import type { ReactNode } from 'react';
import { formatCount } from '../../report/format.ts';
import { selectedRun } from '../../state/hand-out.ts';
import { benchmark } from '../../state/measure-run.ts';
import { isMeasured } from '../../state/run.ts';
import { cancelJob } from '../../state/run-job.ts';
import type { Session } from '../../state/state.ts';
import { Icon } from '../icon.tsx';
import { waitedFor } from '../job-words.ts';
import { Panel } from '../panel.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { DataBanner, MatchedNote } from './data-banner.tsx';
import { DeletedNote } from './deleted-note.tsx';
import { DetailTabs } from './detail-tabs.tsx';
import { JobBanner } from './job-banner.tsx';
import { KeepNote } from './keep-note.tsx';
import { RunsTable } from './runs-table.tsx';
import { SoftwareNote } from './software-note.tsx';
import { StagesTable } from './stages-table.tsx';
import { TradeOff } from './trade-off.tsx';
import { Verdict } from './verdict.tsx';

/** What came of it: verdict, runs, trade-off, and on what the figures hold. */
export function ResultsPanel({ banner }: { banner: ReactNode }) {
  const runs = useSession((session) => session.runs);
  const run = useSession(selectedRun);
  // Whose job runs has no verdict yet; the others have theirs, once they are asked for.
  const inWork = useSession(
    ({ job, picked, selectedRunId }) =>
      job.status === 'running' && (!picked || job.task.runId === selectedRunId),
  );
  const sub = useSession(subtitle);
  const [baseline] = runs;
  if (!baseline || !run) return null;
  const showVerdict = run.kind === 'run' || runs.length > 1;
  return (
    <Panel
      name="Results"
      sub={sub}
      actions={
        <>
          <BenchmarkButton />
          <ColumnsMenu />
        </>
      }
    >
      <div className="results-body">
        {banner && <div className="pad sect">{banner}</div>}
        <JobBanner />
        <KeepNote />
        <DataBanner />
        <StagesTable of="verdict" />
        {showVerdict && !inWork && <Verdict key={run.id} run={run} baseline={baseline} />}
        <div className="sect">
          <RunsTable />
          <DeletedNote />
          <SoftwareNote />
          <MatchedNote />
        </div>
        <StagesTable of="other" />
        <div className="after">
          <TradeOff />
          <DetailTabs />
        </div>
      </div>
    </Panel>
  );
}

function subtitle({ runs, job }: Session): string {
  if (job.status === 'running') {
    if (job.phase === 'measure-baseline' || job.task.kind === 'baseline')
      return 'measuring the baseline';
    if (job.task.kind === 'analyse') return `analysing ${job.task.name}`;
    return job.task.kind === 'compress' && job.phase !== 'measure'
      ? `compressing run ${runs.length}`
      : `measuring ${job.task.name}`;
  }
  if (job.status === 'asking') return `${job.task.name} is paused`;
  const count = runs.length - 1;
  if (count > 0) return `${formatCount(count)} ${count === 1 ? 'run' : 'runs'} and the baseline`;
  const [baseline] = runs;
  return baseline && isMeasured(baseline) ? 'baseline measured' : 'baseline not measured yet';
}

function BenchmarkButton() {
  const studio = useStudio();
  const running = useSession(({ job }) => job.status === 'running');
  const waits = useSession((session) => waitedFor(session) !== null);
  if (running && !waits) {
    return (
      <button type="button" className="btn quiet" onClick={() => cancelJob(studio)}>
        <Icon name="stop" small />
        Cancel
      </button>
    );
  }
  return (
    <button
      type="button"
      className="btn quiet"
      aria-disabled={running}
      title={running ? 'A job is running' : 'Measure the selected run'}
      onClick={() => void benchmark(studio)}
    >
      <Icon name="redo" small />
      Benchmark
    </button>
  );
}
