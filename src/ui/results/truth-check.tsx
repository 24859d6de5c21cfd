import { memo } from 'react';
import { TARGETS } from '../../catalog/targets.ts';
import type { Backend } from '../../core/backend.ts';
import { targetBackend } from '../../report/backend-of-run.ts';
import { disagreement } from '../../report/disagreement.ts';
import { formatCosine, formatNumber } from '../../report/format.ts';
import type { BackendMeasurement } from '../../report/report.ts';
import type { Run } from '../../state/run.ts';
import { Glossed } from '../glossed.tsx';
import { Icon } from '../icon.tsx';
import { Term } from '../term.tsx';

const VERDICTS = {
  agrees: { words: 'Agrees', tone: 'good' },
  'agrees-slow': { words: 'Agrees, slow', tone: 'warn' },
  fails: { words: 'Fails', tone: 'bad' },
  differs: { words: 'Differs', tone: 'bad' },
} as const;

/** The original on WASM against the run's bytes on every backend. */
export const TruthCheck = memo(function TruthCheck({ run }: { run: Run }) {
  const checked = run.measurements.filter((it) => it.truth !== null);
  const [first] = checked;
  if (!first?.truth) return null;
  return (
    <div className="sect">
      <div className="sh" style={{ padding: '12px 16px 0' }}>
        <h3>Truth check of {run.kind === 'baseline' ? 'the original' : run.name}</h3>
        <Summary checked={checked} target={targetBackend(run)} />
      </div>
      <table aria-label="Truth check">
        <thead>
          <tr>
            <th>Ran on</th>
            <th className="num">
              <Glossed text="Cosine" />
            </th>
            <th className="num">
              <Term meaning="Rows with the same answers as the original, at every position.">
                Same
              </Term>
            </th>
            <th className="num">
              <Glossed text="On CPU" />
            </th>
            <th>Verdict</th>
          </tr>
        </thead>
        <tbody>
          {checked.map((it) => (
            <TruthRow key={it.backend} measurement={it} />
          ))}
        </tbody>
      </table>
      <p className="s11 t3" style={{ padding: '4px 16px 10px' }}>
        Against the original on WASM; cosine must stay above {formatNumber(first.truth.floor, 2)}: a
        kernel that computes wrongly falls below, and so does a recipe that takes too much away.
      </p>
    </div>
  );
});

interface SummaryProps {
  readonly checked: readonly BackendMeasurement[];
  readonly target: Backend | null;
}

function Summary({ checked, target }: SummaryProps) {
  const wrong = disagreement(checked, target);
  const names = checked.map(({ backend }) => TARGETS[backend].label);
  return (
    <span className={wrong === null ? 'right good' : 'right bad'}>
      <Icon name={wrong === null ? 'check' : 'warn'} small />
      {wrong ?? `${names.join(' and ')} ${names.length > 1 ? 'agree' : 'agrees'}`}
    </span>
  );
}

function TruthRow({ measurement }: { measurement: BackendMeasurement }) {
  const { backend, truth, placement } = measurement;
  if (!truth) return null;
  const { words, tone } = VERDICTS[truth.differsFrom === undefined ? truth.verdict : 'differs'];
  const fallen = placement?.cpuOperators.map(({ op, count }) => `${count} × ${op}`).join(', ');
  return (
    <>
      <tr>
        <td>{TARGETS[backend].label}</td>
        <td className="num" data-value={truth.cosine}>
          {formatCosine(truth.cosine)}
        </td>
        <td className="num" data-value={truth.sameAnswers}>
          {truth.sameAnswers}/{truth.answers ?? truth.rows}
        </td>
        <td className="num" title={fallen || undefined}>
          {backend === 'wasm' || !placement ? (
            <span className="t3">all</span>
          ) : (
            `${placement.onCpu}/${placement.total}`
          )}
        </td>
        <td className={tone}>{words}</td>
      </tr>
      {truth.failure !== null && (
        <tr>
          <td colSpan={5} className="bad wrap">
            {truth.failure}
          </td>
        </tr>
      )}
      {truth.verdict === 'agrees-slow' && fallen && (
        <tr>
          <td colSpan={5} className="t2 wrap">
            On the CPU: {fallen}.
          </td>
        </tr>
      )}
    </>
  );
}
