import type { Notice } from '../state/state.ts';
import { Icon, type IconName } from './icon.tsx';
import { useApp } from './studio-context.tsx';

const ICONS: Readonly<Record<Notice['tone'], { icon: IconName; colour: string } | null>> = {
  plain: null,
  good: { icon: 'check', colour: 'good' },
  busy: { icon: 'info', colour: 't3' },
  warn: { icon: 'warn', colour: 'warn' },
  bad: { icon: 'warn', colour: 'bad' },
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
      <div className="right">
        <span>Whittle {__APP_VERSION__}</span>
        {runtime !== null && <span>ORT Web {runtime}</span>}
        <button type="button" onClick={onKeys}>
          <kbd>?</kbd> keys
        </button>
      </div>
    </footer>
  );
}
