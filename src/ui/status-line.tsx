import { resumeWord } from '../state/resume-paused.ts';
import type { Notice, ReloadOffer } from '../state/state.ts';
import { Icon, type IconName } from './icon.tsx';
import { jobProgress, waitedFor } from './job-words.ts';
import { useApp } from './studio-context.tsx';

const ICONS: Readonly<Record<Notice['tone'], { icon: IconName; colour: string } | null>> = {
  plain: null,
  good: { icon: 'check', colour: 'good' },
  busy: { icon: 'info', colour: 't3' },
  warn: { icon: 'warn', colour: 'warn' },
  bad: { icon: 'warn', colour: 'bad' },
};

const OFFERS: Readonly<Record<ReloadOffer['why'], string>> = {
  'new-version': 'A new version is ready.',
  isolation: 'WASM gets all cores after a reload.',
};

export function StatusLine({ onKeys }: { onKeys: () => void }) {
  const notice = useApp((state) => state.notice);
  const runtime = useApp(({ device }) =>
    device.status === 'known' ? device.summary.runtimeVersion : null,
  );
  const icon = ICONS[notice.tone];
  return (
    <footer className="status">
      <div role="status">
        {icon && (
          <i className={icon.colour}>
            <Icon name={icon.icon} small />
          </i>
        )}
        <span>{notice.text}</span>
      </div>
      {notice.tone === 'busy' && <LiveProgress />}
      <Offer />
      <div className="right">
        <span>Whittle {__APP_VERSION__}</span>
        {runtime !== null && <span>ORT Web {runtime}</span>}
        <KeyHint />
        <button type="button" onClick={onKeys}>
          <kbd>?</kbd> keys
        </button>
      </div>
    </footer>
  );
}

/** Beside the sentence, which is read aloud: this changes all the time. */
function LiveProgress() {
  const words = useApp(({ session }) => {
    const job = session && waitedFor(session);
    if (!job) return '';
    const { name, count, left } = jobProgress(job);
    return count === '' ? '' : [`${name}, ${count}`, left].filter(Boolean).join(', ');
  });
  return <span className="live-progress t3">{words}</span>;
}

const HINTED_KEYS = { cancel: 'Esc', resume: 'R', 'start again': 'R', open: 'O' } as const;

/** The key that matters most now. */
function KeyHint() {
  const hint = useApp(({ session, shared }) => {
    if (session?.job.status === 'running') return 'cancel';
    if (session) return resumeWord(session);
    return shared ? null : 'open';
  });
  if (hint === null) return null;
  return (
    <span className="key-hint">
      <kbd>{HINTED_KEYS[hint]}</kbd> {hint}
    </span>
  );
}

/** Never forced: it waits until the person presses it, or comes back. */
function Offer() {
  const offer = useApp((state) => state.hosting.offer);
  const unkept = useApp(({ session }) => session?.keeping.status === 'not-kept');
  return (
    <div className="offer" aria-live="polite">
      {offer && (
        <>
          <span>{OFFERS[offer.why]}</span>
          {unkept && <span>What is open is not kept: download it first.</span>}
          <button type="button" onClick={offer.accept}>
            Reload
          </button>
        </>
      )}
    </div>
  );
}
