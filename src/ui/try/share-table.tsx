import type { ReactNode } from 'react';
import type { Reading } from '../../report/trial.ts';
import type { Run } from '../../state/run.ts';
import { fullShare, type ShareRow } from './answer-words.ts';
import { ModelName } from './model-name.tsx';
import { ShareCells } from './share-cells.tsx';

interface Props {
  readonly name: string;
  /** What a row is: "Answer", "Token". */
  readonly rowsAre: string;
  readonly kind: Reading['kind'];
  readonly runs: readonly Run[];
  readonly rows: readonly ShareRow[];
  /** Indexes of what each model answers. */
  readonly tops: readonly (readonly number[])[];
  /** Bodies of further rows. */
  readonly children?: ReactNode;
}

/** Classes or tokens down, models across, each share as a bar with its figure. */
export function ShareTable({ name, rowsAre, kind, runs, rows, tops, children }: Props) {
  const full = fullShare(kind, rows);
  return (
    <table className="share-table" aria-label={name}>
      <thead>
        <tr>
          <th>
            <span className="hidden-name">{rowsAre}</span>
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
            <th scope="row" title={row.label}>
              <bdi>{row.label}</bdi>
            </th>
            <ShareCells {...{ row, runs, tops, full }} />
          </tr>
        ))}
      </tbody>
      {children}
    </table>
  );
}
