import { useMemo } from 'react';
import type { Run } from '../../../state/run.ts';
import { Glossed } from '../../glossed.tsx';
import { useSession } from '../../studio-context.tsx';
import { type Figure, metricRows } from './metric-rows.ts';

/** A and B figure by figure: the better one is heavier, the difference is said in words. */
export function MetricsTable({ a, b }: { a: Run; b: Run }) {
  const score = useSession(({ rowViews: { pairing } }) =>
    pairing.status === 'ready' ? pairing.score : null,
  );
  const rows = useMemo(() => metricRows(a, b, score), [a, b, score]);
  return (
    <table className="compare-table" aria-label="Compare A and B">
      <thead>
        <tr>
          <th>
            <span className="hidden-name">Measure</span>
          </th>
          <th className="num">A</th>
          <th className="num">B</th>
          <th className="num">B against A</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, a: ofA, b: ofB, better, itself = null, difference }) => (
          <tr key={label}>
            <th scope="row">
              <Glossed text={label} />
            </th>
            <FigureCell figure={ofA} isBetter={better === 'a'} isItself={itself === 'a'} />
            <FigureCell figure={ofB} isBetter={better === 'b'} isItself={itself === 'b'} />
            <td className="num t2">{difference}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  readonly figure: Figure | null;
  readonly isBetter: boolean;
  readonly isItself: boolean;
}

function FigureCell({ figure, isBetter, isItself }: CellProps) {
  if (!figure) return <td className="num nm">{isItself ? 'itself' : 'not measured'}</td>;
  return (
    <td className="num t2" data-value={figure.value}>
      {isBetter ? <b>{figure.words}</b> : figure.words}
    </td>
  );
}
