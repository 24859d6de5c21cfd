import { useLayoutEffect, useMemo, useRef } from 'react';
import { TECHNIQUES } from '../../catalog/techniques.ts';
import { formatCount, formatDuration, formatExactBytes } from '../../report/format.ts';
import { estimateBenchmark } from '../../state/estimate-run.ts';
import type { RunningJob } from '../../state/run-job.ts';
import { currentStage } from '../../state/stages.ts';
import type { StageRecord } from '../../state/state.ts';
import { Icon } from '../icon.tsx';
import { counted, stageName, stepName } from '../job-words.ts';
import { useApp, useSession } from '../studio-context.tsx';

/**
 * What the job has done, does, and will do. A compression has it where its verdict will stand and
 * about as high, so that little moves when the verdict comes; what ends without one is short.
 */
export function StagesTable({ of }: { of: 'verdict' | 'other' }) {
  const job = useSession((session) => session.job);
  if (job.status !== 'running') return null;
  const before = job.task.kind === 'compress' ? 'verdict' : 'other';
  return before === of ? <Stages job={job} isShort={of === 'other'} /> : null;
}

function Stages({ job, isShort }: { job: RunningJob; isShort: boolean }) {
  const runNumber = useSession(({ runs }) => {
    const at = runs.findIndex(({ id }) => id === job.task.runId);
    return at < 0 ? runs.length : at;
  });
  const benchmarkAfter = useSession((session) => session.benchmarkAfter);
  const runs = useSession((session) => session.runs);
  const device = useApp((state) => state.device);
  const benchmarkMs = useMemo(() => estimateBenchmark(runs, device), [runs, device]);
  const { task, stages } = job;
  const current = currentStage(stages);
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stage is what is shown
  useLayoutEffect(() => {
    const row = list.current?.querySelector<HTMLElement>('tr.sel');
    if (list.current && row) {
      list.current.scrollTop = row.offsetTop + row.offsetHeight - list.current.clientHeight;
    }
  }, [stages.length]);
  const title =
    runNumber === 0 || task.kind === 'analyse' ? task.name : `Run ${runNumber}: ${task.name}`;
  return (
    <div className="sect">
      <div className="sh" style={{ padding: '12px 16px 4px' }}>
        <h3>{title}</h3>
        <span className="right">
          started {task.startedAt.toLocaleTimeString('en-GB')}
          {task.recipe && `, seed ${task.recipe.seed}`}
        </span>
      </div>
      <section
        className={isShort ? 'stage-list short' : 'stage-list'}
        aria-label="Stages so far"
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
      >
        <table className="stages" aria-label="Stages">
          <tbody>
            {stages.toSorted(byStep).map((stage) => (
              <Stage
                key={`${stage.phase}${stage.stage}${stage.backend ?? ''}${stage.step ?? ''}`}
                stage={stage}
                job={job}
                running={stage === current}
              />
            ))}
            {waiting(job, benchmarkAfter, benchmarkMs).map(([name, detail, estimate = '']) => (
              <tr key={name}>
                <td>
                  <i className="dot wait" />
                  <span className="hidden-name">waiting</span>
                </td>
                <td className="t3">{name}</td>
                <td className="t2 ell" title={detail}>
                  {detail}
                </td>
                <td className="num t2">{estimate}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {!isShort && (
        <p className="s12 t3" style={{ padding: '8px 16px 12px' }}>
          Cancel keeps finished runs, and of this one what is measured. You can change the recipe
          meanwhile: it applies to the next run.
        </p>
      )}
    </div>
  );
}

/** Weights are read in the file's order, so a later step may begin first. */
const byStep = (a: StageRecord, b: StageRecord): number =>
  a.stage === 'compress' && b.stage === 'compress' ? (a.step ?? 0) - (b.step ?? 0) : 0;

function Stage({ stage, job, running }: { stage: StageRecord; job: RunningJob; running: boolean }) {
  const { current, remainingMs } = stage;
  const { done, total, elapsedMs } = stage.ofStep ?? stage;
  // Rows and weights of a phase may take turns: what another has interrupted is not done.
  const waits = !running && stage.phase === job.phase && done < total;
  const left = running && remainingMs !== null ? `, ${formatDuration(remainingMs)} left` : '';
  const count =
    total > 1 ? `${formatCount(done)} of ${formatCount(total)} ${counted(stage)}`.trim() : '';
  const inWork = running && stage.stage === 'compress' ? current && `now ${current}` : '';
  const detail = [count, inWork].filter(Boolean).join(', ');
  return (
    <tr className={running ? 'sel' : ''}>
      <td className="good">
        {running && <i className="dot now" />}
        {waits && <i className="dot wait" />}
        {!running && !waits && <Icon name="check" small />}
        <span className="hidden-name">{running ? 'running' : waits ? 'waiting' : 'done'}</span>
      </td>
      <td className="b">{stageName(stage, job)}</td>
      <td className="t2 ell">{detail}</td>
      <td className={running ? 'num b' : 'num t2'}>
        {formatDuration(elapsedMs)}
        {left}
      </td>
    </tr>
  );
}

type WaitingStage = readonly [name: string, detail: string, estimate?: string];

function waiting(
  { task, phase, stages }: RunningJob,
  benchmarkAfter: boolean,
  benchmarkMs: number | null,
): readonly WaitingStage[] {
  const rows: WaitingStage[] = [];
  if (stages.length === 0) rows.push(['Load the model', 'only before the first run']);
  const compressing =
    task.kind === 'compress' && (phase === 'load' || phase === 'keep' || phase === 'compress');
  if (compressing && task.recipe) {
    for (const [step, { technique }] of task.recipe.steps.entries()) {
      const begun = stages.some((it) => it.stage === 'compress' && it.step === step);
      if (!begun) rows.push([stepName(step, task.recipe), TECHNIQUES[technique].summary]);
    }
  }
  if (compressing && task.plannedBytes !== null && !stages.some(({ stage }) => stage === 'write')) {
    rows.push([
      'Write',
      `${formatExactBytes(task.plannedBytes)} planned, checked against the output`,
    ]);
  }
  const measured = phase === 'measure' || phase === 'measure-baseline';
  if (task.kind === 'compress' && benchmarkAfter && !measured) {
    rows.push(['Truth check', 'against the original on WASM']);
    const time = benchmarkMs === null ? '' : `about ${formatDuration(benchmarkMs)}`;
    rows.push(['Benchmark', 'latency and accuracy, interleaved with the original', time]);
  }
  return rows;
}
