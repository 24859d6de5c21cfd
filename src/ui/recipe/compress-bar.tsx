import { useEffect, useRef } from 'react';
import { formatCount } from '../../report/format.ts';
import { compress, compressObstacle, setBenchmarkAfter } from '../../state/compress.ts';
import type { RunningJob } from '../../state/run-job.ts';
import { JobControls } from '../job-controls.tsx';
import { isLong, jobProgress, waitedFor, wholeWords } from '../job-words.ts';
import { ProgressBar } from '../progress-bar.tsx';
import type { AskingJob } from '../results/paused-words.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import { TellEnd } from '../tell-end.tsx';
import { Estimate } from './estimate.tsx';
import { WarningCount } from './warning-count.tsx';

/** Jobs that begin by a button that Cancel takes the place of. */
const FROM_HERE: ReadonlySet<string> = new Set(['compress', 'analyse']);

/**
 * Compress, replaced in place by progress and Cancel while a job runs.
 * - `brief` — without what may be looked up elsewhere
 */
export function CompressBar({ brief = false }: { brief?: boolean }) {
  const job = useSession(waitedFor);
  const queued = useSession((session) => session.queued);
  const paused = useSession(({ job: it }) => (it.status === 'asking' ? it : null));
  const busy = job !== null;
  const now = busy ? 'busy' : paused ? 'paused' : 'idle';
  const asked = busy && (FROM_HERE.has(job.task.kind) || queued);
  const before = useRef<'busy' | 'paused' | 'idle'>('idle');
  const compressButton = useRef<HTMLButtonElement>(null);
  const cancelButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // After Compress or Analyse the focus goes to Cancel, also from the keyboard shortcut, and back at the end.
    const lost = document.activeElement === document.body;
    // Focusing lays the page out, which is a task of its own after a change as large as this.
    if (now === 'busy' && before.current !== 'busy' && (lost || asked)) {
      setTimeout(() => cancelButton.current?.focus());
    }
    if (lost && now === 'idle' && before.current !== 'idle') {
      setTimeout(() => compressButton.current?.focus());
    }
    before.current = now;
  }, [now, asked]);
  return (
    <div className="act">
      {busy ? (
        <Running job={job} cancelButton={cancelButton} />
      ) : (
        <>
          {paused && paused.finished.size > 0 && <Paused job={paused} />}
          <Idle button={compressButton} brief={brief} />
          {!brief && (
            <div className="row between">
              <Estimate />
              <WarningCount />
            </div>
          )}
        </>
      )}
    </div>
  );
}

function Idle({
  button,
  brief,
}: {
  button: React.RefObject<HTMLButtonElement | null>;
  brief: boolean;
}) {
  const studio = useStudio();
  const obstacle = useSession(compressObstacle);
  const benchmarkAfter = useSession((session) => session.benchmarkAfter);
  return (
    <div className="row" style={{ gap: 12 }}>
      {brief && <WarningCount />}
      <button
        ref={button}
        type="button"
        className={obstacle === null ? 'btn primary lg grow' : 'btn lg grow'}
        aria-disabled={obstacle !== null}
        aria-describedby="compress-hint"
        onClick={() => void compress(studio)}
      >
        Compress <kbd>{modifier()} ↵</kbd>
      </button>
      <div className="s11 t3 compress-hint" id="compress-hint">
        {obstacle !== null && (
          <span className="clamp" title={obstacle}>
            {obstacle}
          </span>
        )}
        {obstacle === null && !brief && (
          <label className="check" title="Latency, accuracy and the truth check after compressing">
            <input
              type="checkbox"
              checked={benchmarkAfter}
              onChange={(event) => setBenchmarkAfter(studio, event.currentTarget.checked)}
            />
            Benchmark after
          </label>
        )}
      </div>
    </div>
  );
}

/** How far it came; the choices are beside what happened. */
function Paused({ job: { task, finished, total } }: { job: AskingJob }) {
  const kept = `${formatCount(finished.size)} of ${formatCount(total)} weights kept`;
  return (
    <div className="paused-bar">
      <div className="row between s12">
        <span className="b ell">Paused: {task.name}</span>
        <span className="t2 nowrap">{kept}</span>
      </div>
      <ProgressBar paused name={`Paused: ${task.name}`} share={finished.size / total} />
    </div>
  );
}

const modifier = (): string => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl');

interface RunningProps {
  readonly job: RunningJob;
  readonly cancelButton: React.RefObject<HTMLButtonElement | null>;
}

function Running({ job, cancelButton }: RunningProps) {
  const paces = useSession((session) => session.paces);
  const whole = wholeWords(job, paces);
  const { name, count, left } = jobProgress(job);
  return (
    <>
      <div className="row between s12" style={{ marginBottom: 6 }}>
        <span className="b ell">{name}</span>
        <span className="t2 nowrap">
          {count}
          {count && left ? ', ' : ''}
          <b className="b" style={{ color: 'var(--text)' }}>
            {left}
          </b>
        </span>
      </div>
      <div className="row" style={{ gap: 12 }}>
        <JobControls large job={job} cancelButton={cancelButton} />
      </div>
      <p className="s11 t3 ell" title={whole} style={{ marginTop: 4 }}>
        {whole}
      </p>
      {isLong(job) && <TellEnd />}
    </>
  );
}
