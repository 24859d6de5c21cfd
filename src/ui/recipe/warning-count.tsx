import { formatCount } from '../../report/format.ts';
import { Icon } from '../icon.tsx';
import { useSession } from '../studio-context.tsx';
import { planOfSteps } from './step-plan.ts';

/** How much the plan warns of, beside Compress: the warnings may be out of sight. */
export function WarningCount() {
  const count = useSession((session) => planOfSteps(session)?.warnings.length ?? 0);
  if (count === 0) return null;
  return (
    <button
      type="button"
      className="link warned"
      title="Go to the first"
      onClick={() => document.querySelector<HTMLElement>('[data-plan-warning]')?.focus()}
    >
      <Icon name="warn" small />
      {formatCount(count)} {count === 1 ? 'warning' : 'warnings'}
    </button>
  );
}
