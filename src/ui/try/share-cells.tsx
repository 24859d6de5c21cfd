import { runFamily } from '../../report/chart/run-family.ts';
import { formatNumber } from '../../report/format.ts';
import type { Run } from '../../state/run.ts';
import type { ShareRow } from './answer-words.ts';

interface Props {
  readonly row: ShareRow;
  readonly runs: readonly Run[];
  /** Indexes of what each model answers. */
  readonly tops: readonly (readonly number[])[];
  /** The share that fills a bar. */
  readonly full: number;
}

/** One class or token across the models, as bars with their figures. */
export function ShareCells({ row, runs, tops, full }: Props) {
  return runs.map((run, index) => {
    const share = row.shares[index] ?? null;
    const below = row.below[index] ?? null;
    const isTop = tops[index]?.includes(row.index);
    return (
      <td
        key={run.id}
        className={isTop ? 'num share top' : 'num share'}
        data-value={share ?? undefined}
      >
        {share === null && below !== null && (
          <span className="t3">under {formatNumber(below * 100, 1)} %</span>
        )}
        {share !== null && (
          <span className="share-cell">
            <Bar part={share / full} run={run} />
            <span>{Number.isNaN(share) ? 'NaN' : `${formatNumber(share * 100, 1)} %`}</span>
          </span>
        )}
      </td>
    );
  });
}

function Bar({ part, run }: { part: number; run: Run }) {
  const family = runFamily(run.recipe);
  const colour = family === 'baseline' ? 'var(--plain)' : `var(--${family})`;
  const scale = Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0;
  return (
    <span className="share-bar" aria-hidden="true">
      <i style={{ transform: `scaleX(${scale})`, background: colour }} />
    </span>
  );
}
