import { useMemo, useState } from 'react';
import {
  classCountOf,
  confusionOf,
  largestConfusions,
  MOST_CLASSES,
} from '../../../report/confusion.ts';
import { formatCount } from '../../../report/format.ts';
import { filterRows } from '../../../state/look-at-rows.ts';
import { type Matrix, type RowSources, sidesOf } from '../../../state/row-filter.ts';
import { useSession, useStudio } from '../../studio-context.tsx';
import { className } from './class-name.ts';
import { ConfusionMatrix } from './confusion-matrix.tsx';

const LARGEST = 50;

const MATRICES: readonly { readonly id: Matrix; readonly words: string }[] = [
  { id: 'b', words: 'Right answers against B' },
  { id: 'a', words: 'Right answers against A' },
  { id: 'pair', words: 'A against B' },
];

interface Props {
  readonly sources: RowSources;
  /** Shows the list, which has the rows of a cell by then. */
  readonly onList: () => void;
}

/** What is taken for what: the matrix, and its largest confusions as a table. */
export function ConfusionView({ sources, onList }: Props) {
  const studio = useStudio();
  const names = useSession(({ dataset }) => dataset.labels);
  const possible = MATRICES.filter(({ id }) => sidesOf(id, sources));
  const [chosen, setChosen] = useState<Matrix>('b');
  const matrix = possible.some(({ id }) => id === chosen) ? chosen : possible[0]?.id;
  const { a, b, labels } = sources;
  const confusion = useMemo(() => {
    const sides = matrix && sidesOf(matrix, { a, b, labels });
    if (!sides) return null;
    const classCount = classCountOf(names, ...sides);
    return classCount > MOST_CLASSES ? classCount : confusionOf(...sides, classCount);
  }, [matrix, a, b, labels, names]);
  const largest = useMemo(
    () => (confusion && typeof confusion !== 'number' ? largestConfusions(confusion, LARGEST) : []),
    [confusion],
  );
  if (!matrix || confusion === null) {
    return <p className="pad s12 t3">Without right answers of two sides there is no matrix.</p>;
  }
  if (typeof confusion === 'number') {
    return (
      <p className="pad s12 t3">
        {formatCount(confusion)} classes: matrices are drawn of at most {formatCount(MOST_CLASSES)}.
      </p>
    );
  }
  const [rowsAre, columnsAre] = matrix === 'pair' ? ['A', 'B'] : ['Right', matrix.toUpperCase()];
  const list = (right: number, given: number) => {
    filterRows(studio, { kind: 'cell', matrix, right, given });
    onList();
  };
  return (
    <>
      <div className="rows-head">
        <label className="row s12 t3">
          Matrix
          <select
            className="select"
            value={matrix}
            onChange={(event) => {
              const next = MATRICES.find(({ id }) => id === event.currentTarget.value);
              if (next) setChosen(next.id);
            }}
          >
            {possible.map(({ id, words }) => (
              <option key={id} value={id}>
                {words}
              </option>
            ))}
          </select>
        </label>
        {confusion.outside > 0 && (
          <span className="s12 t3">{formatCount(confusion.outside)} rows without an answer</span>
        )}
      </div>
      <ConfusionMatrix {...{ confusion, names, rowsAre, columnsAre }} onCell={list} />
      <table className="compare-table" aria-label="Largest confusions">
        <thead>
          <tr>
            <th>{rowsAre}</th>
            <th>{columnsAre}</th>
            <th className="num">Rows</th>
            <th>
              <span className="hidden-name">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {largest.map(({ right, given, count }) => (
            <tr key={`${right} ${given}`}>
              <td className="ell">{className(names, right)}</td>
              <td className="ell">{className(names, given)}</td>
              <td className="num" data-value={count}>
                {formatCount(count)}
              </td>
              <td className="num">
                <button
                  type="button"
                  className="link"
                  aria-label={`See rows: ${className(names, right)} as ${className(names, given)}`}
                  onClick={() => list(right, given)}
                >
                  See rows
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {largest.length === 0 && <p className="pad s12 t3">No class is taken for another.</p>}
    </>
  );
}
