import { useMemo } from 'react';
import { formatCount } from '../../../report/format.ts';
import { showDetail } from '../../../state/look-at.ts';
import { filterRows } from '../../../state/look-at-rows.ts';
import { filteredRows } from '../../../state/row-filter.ts';
import type { Run } from '../../../state/run.ts';
import { useSession, useStudio } from '../../studio-context.tsx';

/** On how many rows A and B answer differently, and the way to those rows. */
export function Disagreement({ a, b }: { a: Run; b: Run }) {
  const studio = useStudio();
  const pairing = useSession((session) => session.rowViews.pairing);
  const differing = useMemo(
    () => filteredRows({ kind: 'differ' }, { a: a.answers, b: b.answers, labels: null }).length,
    [a.answers, b.answers],
  );
  if (pairing.status === 'failed') {
    return <p className="s12 bad compare-note">{pairing.failure.message}</p>;
  }
  if (!a.answers || !b.answers) return null;
  const rows = Math.min(a.answers.length, b.answers.length);
  return (
    <p className="s12 t2 compare-note" data-value={differing}>
      {differing === 0
        ? `A and B agree on all ${formatCount(rows)} rows.`
        : `A and B disagree on ${formatCount(differing)} of ${formatCount(rows)} rows. `}
      {differing > 0 && (
        <button
          type="button"
          className="link"
          onClick={() => {
            filterRows(studio, { kind: 'differ' });
            showDetail(studio, 'rows');
          }}
        >
          See the rows
        </button>
      )}
    </p>
  );
}
