import {
  bytesQuantity,
  formatBytes,
  formatExactBytes,
  formatNumber,
  formatSizeRatio,
} from '../../report/format.ts';
import type { PlanSummary } from '../../report/plan-summary.ts';
import { useSession } from '../studio-context.tsx';
import { AnalyseButton } from './analyse-button.tsx';
import { BudgetLine } from './budget-line.tsx';

/** What the file will weigh, and of what; the bar's full width is the original. */
export function SizeReadout() {
  const planning = useSession((session) => session.planning);
  const original = useSession(({ model }) => model.byteLength);
  const { plan } = planning;
  if (!plan) {
    return (
      <div className="s12 t3" style={{ minHeight: 70 }} aria-busy={planning.status === 'planning'}>
        {planning.status === 'failed' && <Failure message={planning.failure.message} />}
      </div>
    );
  }
  const { value, unit } = bytesQuantity(plan.byteLength);
  return (
    <>
      <div className="row between" style={{ alignItems: 'flex-end' }}>
        <div>
          <div className="row s11 t3">
            {plan.exact ? 'Output size, exact' : 'Output size, at most'}
            {!plan.exact && <AnalyseButton />}
          </div>
          <div className="big" data-value={plan.byteLength}>
            {value}
            <span className="unit"> {unit}</span>
          </div>
        </div>
        <div className="num s12">
          <div className="b">{formatSizeRatio(original, plan.byteLength)}</div>
          <div className="t3">{formatExactBytes(plan.byteLength)}</div>
        </div>
      </div>
      <Breakdown plan={plan} original={original} />
      <div className="under-bar">
        <Parts plan={plan} />
        <BudgetLine plan={plan} />
      </div>
      {planning.status === 'failed' && <Failure message={planning.failure.message} />}
    </>
  );
}

function Failure({ message }: { message: string }) {
  return (
    <p className="s12 bad clamp" title={message}>
      {message}
    </p>
  );
}

/** Below this a figure in MB would say 0.0: every part then has its own unit. */
const SMALL_BYTES = 50_000;

function Breakdown({ plan, original }: { plan: PlanSummary; original: number }) {
  const budget = useSession(({ budgetBytes }) => budgetBytes);
  const full = Math.max(original, plan.byteLength);
  return (
    <div className="stack">
      {plan.breakdown.map(({ label, bits, byteLength }) => (
        <i
          key={label}
          style={{ width: `${(byteLength / full) * 100}%`, background: partColour(bits, plan) }}
        />
      ))}
      {budget !== null && (
        <b className="tick" style={{ left: `${Math.min(100, (budget / full) * 100)}%` }} />
      )}
    </div>
  );
}

/** What the bar is made of. */
function Parts({ plan }: { plan: PlanSummary }) {
  const withUnits = plan.breakdown.some(({ byteLength }) => byteLength < SMALL_BYTES);
  return (
    <div className="legend">
      {plan.breakdown.map(({ label, bits, byteLength }) => (
        <span key={label} title={formatExactBytes(byteLength)}>
          <i className="sw" style={{ background: partColour(bits, plan) }} />
          {label} {withUnits ? formatBytes(byteLength) : formatNumber(byteLength / 1e6, 1)}
        </span>
      ))}
      {!withUnits && <span className="t3">MB</span>}
    </div>
  );
}

/** Scales have the colour of 16 bits, unless values are stored in 16 bits too. */
const partColour = (bits: number, { breakdown }: PlanSummary): string => {
  if (bits === 0) return breakdown.some((it) => it.bits === 16) ? 'var(--text-3)' : 'var(--q16)';
  const shade = [2, 4, 8, 16].find((most) => bits <= most);
  return shade === undefined ? 'var(--plain)' : `var(--q${shade})`;
};
