import { runA, runB } from '../../../state/compare.ts';
import { isMeasured } from '../../../state/run.ts';
import { useSession } from '../../studio-context.tsx';
import { MeasuredWith } from '../measured-with.tsx';
import { TruthCheck } from '../truth-check.tsx';
import { CompareHead } from './compare-head.tsx';
import { Disagreement } from './disagreement.tsx';
import { FirstVisitTable } from './first-visit-table.tsx';
import { MetricsTable } from './metrics-table.tsx';

/** A and B figure by figure, whether to believe B, and on what it was measured. */
export function CompareTab() {
  const a = useSession(runA);
  const b = useSession(runB);
  if (!b) return null;
  return (
    <>
      {a ? (
        <div className="sect">
          <CompareHead {...{ a, b }} />
          <MetricsTable {...{ a, b }} />
          <Disagreement {...{ a, b }} />
        </div>
      ) : (
        <p className="pad s12 t3">
          Compress once: then its run and the original are compared here.
        </p>
      )}
      <TruthCheck run={b} />
      {isMeasured(b) && <FirstVisitTable {...{ a, b }} />}
      {isMeasured(b) && <MeasuredWith run={b} />}
    </>
  );
}
