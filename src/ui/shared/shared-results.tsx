import { formatCount } from '../../report/format.ts';
import { verdict } from '../../report/verdict.ts';
import { isMeasured } from '../../state/run.ts';
import { reproduced } from '../../state/shared.ts';
import { verdictOf } from '../../state/verdict-sentence.ts';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';
import { JobBanner } from '../results/job-banner.tsx';
import { Sentence } from '../results/sentence.tsx';
import { useApp } from '../studio-context.tsx';
import { reproduction } from './reproduction.ts';
import { SharedChart } from './shared-chart.tsx';
import { otherRows } from './shared-rows.ts';
import { SharedTable } from './shared-table.tsx';
import { measuredWhere } from './shared-words.ts';
import { useShared } from './use-shared.ts';

/** Their numbers, which are a claim, and yours beside them once there are any. */
export function SharedResults() {
  const theirs = useShared(({ result }) => result.run);
  const baseline = useShared(({ result }) => result.baseline);
  const same = useShared(({ check }) => check.status === 'same');
  const yours = useApp(reproduced);
  return (
    <Panel
      name="Results"
      sub={yours ? 'shared, and measured on this device' : 'shared, not checked on this device'}
    >
      <div className="results-body">
        <Claim />
        {same && <JobBanner />}
        {yours && <Outcome />}
        <div className="verdict">
          {yours && <h3 className="s12 t3">Theirs, claimed</h3>}
          <Sentence parts={verdict(theirs, baseline)} />
        </div>
        <SharedTable />
        <SharedChart />
      </div>
    </Panel>
  );
}

function Claim() {
  const theirs = useShared(({ result }) => result.run);
  return (
    <div className="pad sect">
      <div className="banner i">
        <span className="accent">
          <Icon name="info" />
        </span>
        <p className="any">
          Whittle makes neural networks smaller in the browser and measures what that costs; this is
          one result of it. Measured by the sender on {measuredWhere(theirs)}. A link can be edited,
          so treat these numbers as a claim until you reproduce them.
        </p>
      </div>
    </div>
  );
}

/** Whether the bytes are the same, and what yours came to. */
function Outcome() {
  const theirs = useShared(({ result }) => result.run);
  const yours = useApp(reproduced);
  const original = useApp(({ session }) => session?.runs[0]);
  const measuring = useApp(({ session }) => session?.job.status === 'running');
  if (!yours || !original) return null;
  const { same, title, sentence } = reproduction(theirs, yours);
  const rows = yours.dataset ? otherRows(theirs, yours) : null;
  return (
    <div className="verdict">
      <h3 className="s12 t3">Yours, measured here</h3>
      {measuring && !isMeasured(yours) ? (
        <p className="sentence">Compressed, and being measured.</p>
      ) : (
        <Sentence parts={verdictOf(yours, original)} />
      )}
      <div className={same ? 'note outcome' : 'note w outcome'}>
        <span className={same ? 'good' : ''}>
          <Icon name={same ? 'check' : 'warn'} />
        </span>
        <span className="any">
          <b className="b">{title}.</b> {sentence}
        </span>
      </div>
      {rows !== null && (
        <div className="note w">
          <Icon name="warn" />
          <span className="any">{rows}</span>
        </div>
      )}
      {yours.partial && (
        <p className="s12 bad">
          {formatCount(yours.weights.filter(({ failed }) => failed).length)} weights failed here.
        </p>
      )}
    </div>
  );
}
