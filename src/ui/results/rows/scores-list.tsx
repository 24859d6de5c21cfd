import { useMemo, useState } from 'react';
import { formatCount, formatNumber } from '../../../report/format.ts';
import type { RowScores } from '../../../report/report.ts';
import { type RowOrder, type ScoredRow, scoredRows } from '../../../state/scored-rows.ts';
import { RowCards } from './row-cards.tsx';

interface Props {
  readonly a: RowScores | null;
  readonly b: RowScores;
  readonly labels: readonly number[] | null;
}

/** What the figures are, and what is counted. */
const WORDS: Readonly<
  Record<RowScores['task'], { readonly figures: string; readonly rows: string }>
> = {
  'next-token': { figures: 'each with its perplexity', rows: 'windows' },
  number: { figures: 'each with the number given', rows: 'rows' },
  pairs: { figures: 'each with the cosine of its two texts', rows: 'pairs' },
};

/** Rows whose answers are numbers, with those of A and B. */
export function ScoresList({ a, b, labels }: Props) {
  const isPair = a?.task === b.task;
  const [chosen, setChosen] = useState<RowOrder>('change');
  const order = isPair || chosen !== 'change' ? chosen : 'worse';
  const rows = useMemo(() => scoredRows(a, b, labels, order), [a, b, labels, order]);
  const shown = useMemo(() => rows.map((row) => row.shown), [rows]);
  const words = WORDS[b.task];
  const orders = ordersOf(isPair, b.task);
  return (
    <>
      <div className="rows-head">
        <label className="row s12 t3">
          Order
          <select
            className="select"
            value={order}
            onChange={(event) => {
              const next = orders.find(({ id }) => id === event.currentTarget.value);
              if (next) setChosen(next.id);
            }}
          >
            {orders.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <span className="s12 t3 nowrap" aria-live="polite">
          {formatCount(rows.length)} {words.rows}, {words.figures}
        </span>
      </div>
      <RowCards
        rows={shown}
        answersAt={(at) => {
          const row = rows[at];
          return row && <Figures row={row} />;
        }}
      />
    </>
  );
}

const ordersOf = (
  isPair: boolean,
  task: RowScores['task'],
): readonly { readonly id: RowOrder; readonly label: string }[] => [
  ...(isPair ? [{ id: 'change', label: 'A and B differ most' } as const] : []),
  { id: 'worse', label: task === 'next-token' ? 'B finds it hardest' : 'B farthest from right' },
  { id: 'data', label: 'As in the data' },
];

function Figures({ row: { row, a, b, right } }: { row: ScoredRow }) {
  return (
    <>
      <dt>Row</dt>
      <dd>{formatCount(row + 1)}</dd>
      {right !== null && <Figure term="Right" value={right} />}
      {a !== null && <Figure term="A" value={a} />}
      {b !== null && <Figure term="B" value={b} />}
    </>
  );
}

const Figure = ({ term, value }: { term: string; value: number }) => (
  <>
    <dt>{term}</dt>
    <dd data-value={value}>{formatNumber(value, 3)}</dd>
  </>
);
