import { type KeyboardEvent, type MouseEvent, memo, useMemo, useRef, useState } from 'react';
import { markWeights, selectWeight, toggleMark } from '../../state/look-at.ts';
import { Spacer } from '../spacer.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { useWindowedRows } from '../use-windowed-rows.ts';
import { columnsFor, ROW_HEIGHT } from './columns.ts';
import { movedRow } from './moved-row.ts';
import { SortableHead } from './sortable-head.tsx';
import { useOverrides } from './use-overrides.ts';
import { type Sorting, sortStates } from './weight-list.ts';
import type { View, WeightState } from './weight-state.ts';
import { WeightTableRow } from './weight-table-row.tsx';

interface Props {
  /** Those that the filter lets through. */
  readonly states: readonly WeightState[];
  readonly view: View;
  /** Bytes of all weights. */
  readonly total: number;
}

/** Weights one by one: sorted, drawn only where they are in view, chosen alone or together. */
export const WeightsTable = memo(function WeightsTable({ states, view, total }: Props) {
  const studio = useStudio();
  const selected = useSession(({ selectedWeight }) => selectedWeight);
  const marked = useSession(({ markedWeights }) => markedWeights);
  const markOf = useOverrides();
  const [sorting, setSorting] = useState<Sorting>({ key: 'bytes', descending: true });
  const rows = useMemo(() => sortStates(states, sorting), [states, sorting]);
  const { scroll, width, indices, before, after, focusRow } = useWindowedRows(
    rows.length,
    ROW_HEIGHT,
  );
  const longest = useMemo(
    () => states.reduce((most, { encoding }) => Math.max(most, encoding.length), 0),
    [states],
  );
  const { columns, room } = columnsFor(view, width, longest);
  const selectedIndex = useMemo(
    () => rows.findIndex(({ weight }) => weight.name === selected),
    [rows, selected],
  );
  /** Where a range of marks begins. */
  const anchor = useRef<string | null>(null);

  const choose = (index: number, { extend, add }: { extend: boolean; add: boolean }) => {
    const name = rows[index]?.weight.name;
    if (name === undefined) return;
    const from = rows.findIndex(({ weight }) => weight.name === (anchor.current ?? selected));
    if (extend && from >= 0) {
      const range = rows.slice(Math.min(from, index), Math.max(from, index) + 1);
      markWeights(
        studio,
        range.map(({ weight }) => weight.name),
        name,
      );
      return;
    }
    anchor.current = name;
    if (add) toggleMark(studio, name);
    else selectWeight(studio, name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      event.preventDefault();
      markWeights(
        studio,
        rows.map(({ weight }) => weight.name),
        selected,
      );
      return;
    }
    const next = movedRow(event.key, selectedIndex, rows.length);
    if (next === null) return;
    event.preventDefault();
    choose(next, { extend: event.shiftKey, add: false });
    focusRow(next);
  };
  return (
    <div className="scroll" ref={scroll}>
      <table aria-label="Weights" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, label, numeric, width: own }) => (
              <SortableHead
                key={key}
                {...{ label, numeric, width: own }}
                descending={sorting.key === key ? sorting.descending : null}
                onSort={(descending) => setSorting({ key, descending })}
              />
            ))}
          </tr>
        </thead>
        <tbody
          className={marked.size > 0 ? 'marking' : ''}
          onKeyDown={onKeyDown}
          onMouseDown={(event) => {
            // A range of rows is chosen, not their text.
            if (event.shiftKey) event.preventDefault();
          }}
        >
          <Spacer height={before} columns={columns.length} />
          {indices.map((index) => {
            const state = rows[index];
            if (!state) return null;
            const { name } = state.weight;
            return (
              <WeightTableRow
                key={name}
                {...{ state, columns, total, room }}
                rowIndex={index + 2}
                isSelected={index === selectedIndex}
                isMarked={marked.has(name)}
                mark={markOf(name)}
                reachable={index === selectedIndex || (selectedIndex < 0 && index === 0)}
                onSelect={(event: MouseEvent | KeyboardEvent) =>
                  choose(index, {
                    extend: event.shiftKey,
                    add: event.ctrlKey || event.metaKey,
                  })
                }
                onToggle={() => choose(index, { extend: false, add: true })}
              />
            );
          })}
          <Spacer height={after} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
});
