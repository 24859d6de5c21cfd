import type { ContinuedToken, Reading } from '../../report/trial.ts';
import type { Run } from '../../state/run.ts';
import { fullShare, shareRows } from './answer-words.ts';
import { ModelName } from './model-name.tsx';
import { ShareCells } from './share-cells.tsx';

interface Props {
  readonly runs: readonly Run[];
  /** One a run; null where it has ended before. */
  readonly tokens: readonly (ContinuedToken | null)[];
}

/** What each model held likely at one place, and what it took. */
export function NextTokens({ runs, tokens }: Props) {
  const readings = tokens.map(
    (it): Reading | null =>
      it && { kind: 'next-token', choices: it.choices, of: Number.POSITIVE_INFINITY },
  );
  const rows = shareRows(readings);
  const full = fullShare('next-token', rows);
  const tops = tokens.map((it) => it?.id ?? null);
  return (
    <table className="share-table" aria-label="Next token probabilities">
      <thead>
        <tr>
          <th>
            <span className="hidden-name">Token</span>
          </th>
          {runs.map((run) => (
            <th key={run.id} className="num" scope="col">
              <ModelName run={run} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.index}>
            <th scope="row">
              <bdi>{row.label}</bdi>
            </th>
            <ShareCells {...{ row, runs, tops, full }} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
