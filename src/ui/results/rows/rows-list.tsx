import { useMemo } from 'react';
import { formatCount } from '../../../report/format.ts';
import { filterRows } from '../../../state/look-at-rows.ts';
import { filteredRows, type RowFilter, type RowSources } from '../../../state/row-filter.ts';
import { useSession, useStudio } from '../../studio-context.tsx';
import { ClassAnswers } from './class-answers.tsx';
import { className } from './class-name.ts';
import { RowCards } from './row-cards.tsx';

interface Props {
  readonly sources: RowSources;
  readonly filter: RowFilter;
}

/** The rows that the filter takes, with the class that is right and those that A and B gave. */
export function RowsList({ sources, filter }: Props) {
  const { a, b, labels } = sources;
  const names = useSession(({ dataset }) => dataset.labels);
  const rows = useMemo(() => filteredRows(filter, { a, b, labels }), [filter, a, b, labels]);
  return (
    <>
      <div className="rows-head">
        <FilterSelect {...{ filter, sources, names }} />
        <span className="s12 t3 nowrap" aria-live="polite">
          {formatCount(rows.length)} {rows.length === 1 ? 'row' : 'rows'}
        </span>
      </div>
      <RowCards
        rows={rows}
        answersAt={(at) => <ClassAnswers row={rows[at] ?? 0} {...{ sources, names }} />}
      />
    </>
  );
}

interface SelectProps extends Props {
  readonly names: readonly string[];
}

const KINDS = [
  { kind: 'differ', words: 'A and B differ', needs: 'pair' },
  { kind: 'lost', words: 'A right, B wrong', needs: 'pair' },
  { kind: 'gained', words: 'A wrong, B right', needs: 'pair' },
  { kind: 'wrong', words: 'B wrong', needs: 'labels' },
  { kind: 'all', words: 'All rows', needs: null },
] as const;

function FilterSelect({ filter, sources, names }: SelectProps) {
  const studio = useStudio();
  const { a, labels } = sources;
  const possible = KINDS.filter(
    ({ kind, needs }) =>
      needs === null || (needs === 'labels' ? labels : a && (kind === 'differ' || labels)),
  );
  return (
    <label className="row s12 t3">
      Rows where
      <select
        className="select"
        value={filter.kind}
        onChange={(event) => {
          const chosen = KINDS.find(({ kind }) => kind === event.currentTarget.value);
          if (chosen) filterRows(studio, { kind: chosen.kind });
        }}
      >
        {possible.map(({ kind, words }) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
        {filter.kind === 'cell' && <option value="cell">{cellWords(filter, names)}</option>}
      </select>
    </label>
  );
}

function cellWords(
  { matrix, right, given }: Extract<RowFilter, { kind: 'cell' }>,
  names: readonly string[],
): string {
  const [first, second] = [className(names, right), className(names, given)];
  return matrix === 'pair'
    ? `A says ${first}, B ${second}`
    : `${first} is right, ${matrix.toUpperCase()} says ${second}`;
}
