import { useLayoutEffect, useRef } from 'react';
import { formatDuration } from '../../report/format.ts';
import type { RunningJob } from '../../state/run-job.ts';
import { type ListedStage, listStages } from '../../state/stage-list.ts';
import { Icon } from '../icon.tsx';
import { countWords, plannedWords, stageName, wholeWords } from '../job-words.ts';
import { useSession } from '../studio-context.tsx';
import { Elapsed } from './elapsed.tsx';

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
  const paces = useSession((session) => session.paces);
  const { task } = job;
  const listed = listStages(job);
  const running = listed.findIndex(({ status }) => status === 'running');
  const whole = wholeWords(job, paces);
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stage is what is shown
  useLayoutEffect(() => {
    const row = list.current?.querySelector<HTMLElement>('tr.sel');
    if (list.current && row) {
      const above = (list.current.clientHeight - row.offsetHeight) / 2;
      list.current.scrollTop = row.offsetTop - above;
    }
  }, [running, listed.length]);
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
        aria-label="All stages"
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
      >
        <table className="stages" aria-label="Stages">
          <tbody>
            {listed.map((stage) => (
              <StageRow key={stage.key} stage={stage} job={job} />
            ))}
          </tbody>
        </table>
      </section>
      {!isShort && (
        <p className="s12 t3" style={{ padding: '8px 16px 12px' }}>
          {whole && <b className="b t2">{whole}. </b>}
          Cancel keeps finished runs, and of this one what is measured. You can change the recipe
          meanwhile: it applies to the next run.
        </p>
      )}
    </div>
  );
}

const STATUS = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  over: 'not needed',
} as const;

function StageRow({ stage, job }: { stage: ListedStage; job: RunningJob }) {
  const { slot, record, status } = stage;
  const running = status === 'running';
  const { current = '', elapsedMs, remainingMs = null } = record ?? {};
  const words = record ? countWords(record) : slot ? plannedWords(slot) : '';
  const inWork = running && record?.stage === 'compress' && !record.within;
  const least = running && record?.least !== undefined && `at least ${record.least}, then by time`;
  const parts = [words, inWork && current && `now ${current}`, least];
  const detail = status === 'over' ? STATUS.over : parts.filter(Boolean).join(', ');
  const time = elapsedMs === undefined ? '' : formatDuration(elapsedMs);
  const left = running && remainingMs ? `, ${formatDuration(remainingMs)} left` : '';
  const name = stageName(stage, job.task);
  return (
    <tr className={running ? 'sel' : ''}>
      <td className="good">
        {running && <i className="dot now" />}
        {(status === 'waiting' || status === 'over') && <i className="dot wait" />}
        {status === 'done' && <Icon name="check" small />}
        <span className="hidden-name">{STATUS[status]}</span>
      </td>
      <td className={record ? 'b' : 't3'} title={name}>
        {name}
      </td>
      <td className="t2 ell" title={detail}>
        {detail}
      </td>
      <td className={running ? 'num b' : 'num t2'}>
        {running && record ? <Elapsed stage={record} /> : time}
        {left}
      </td>
    </tr>
  );
}
