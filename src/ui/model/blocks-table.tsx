import { type KeyboardEvent, memo, useMemo, useState } from 'react';
import { markWeights, selectWeight } from '../../state/look-at.ts';
import { Spacer } from '../spacer.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { useWindowedRows } from '../use-windowed-rows.ts';
import { BlockTableRow } from './block-table-row.tsx';
import { type BlockRow, type BlockSortKey, blockRows, blockRuns, sortRuns } from './blocks.ts';
import { ROW_HEIGHT } from './columns.ts';
import { movedRow } from './moved-row.ts';
import { SortableHead } from './sortable-head.tsx';
import type { View, WeightState } from './weight-state.ts';

interface Props {
  readonly states: readonly WeightState[];
  readonly view: View;
  readonly total: number;
}

interface Head {
  readonly key: BlockSortKey;
  readonly label: string;
  readonly width: number | null;
}

const AFTER: Readonly<Record<View, string>> = {
  original: 'Stays',
  planned: 'Planned',
  now: 'Now',
};

/** Weights by what they belong to: layers that repeat are one row, which opens to its layers. */
export const BlocksTable = memo(function BlocksTable({ states, view, total }: Props) {
  const studio = useStudio();
  const chosen = useSession(({ markedWeights }) => markedWeights);
  const selected = useSession(({ selectedWeight }) => selectedWeight);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [sorting, setSorting] = useState({ key: 'order' as BlockSortKey, descending: false });
  const [current, setCurrent] = useState<string | null>(null);
  const runs = useMemo(() => blockRuns(states), [states]);
  const rows = useMemo(
    () => blockRows(sortRuns(runs, sorting.key, sorting.descending), open),
    [runs, sorting, open],
  );
  const { scroll, width, indices, before, after, focusRow } = useWindowedRows(
    rows.length,
    ROW_HEIGHT,
  );
  const room = width - 268;
  const currentIndex = Math.max(
    0,
    rows.findIndex(({ key }) => key === current),
  );
  const heads: readonly Head[] = [
    { key: 'order', label: 'Block', width: null },
    { key: 'bytes', label: 'MB', width: 84 },
    { key: 'after', label: AFTER[view], width: 70 },
  ];

  const setExpanded = (key: string, expanded: boolean) => {
    const next = new Set(open);
    if (expanded) next.add(key);
    else next.delete(key);
    setOpen(next);
  };
  const choose = (row: BlockRow) => {
    setCurrent(row.key);
    if (row.kind === 'weight') {
      selectWeight(studio, row.state.weight.name);
      return;
    }
    const own = statesOf(row);
    const acted = actedOn(own);
    const all = acted.length > 0 ? acted : own;
    const [largest] = all.toSorted((a, b) => b.weight.byteLength - a.weight.byteLength);
    markWeights(
      studio,
      all.map(({ weight }) => weight.name),
      largest?.weight.name ?? null,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[currentIndex];
    const isOpen = row !== undefined && open.has(row.key);
    if (event.key === 'ArrowRight' && row && row.kind !== 'weight' && !isOpen) {
      event.preventDefault();
      setExpanded(row.key, true);
      return;
    }
    if (event.key === 'ArrowLeft' && row) {
      event.preventDefault();
      if (isOpen) setExpanded(row.key, false);
      else move(parentIndex(rows, currentIndex));
      return;
    }
    const next = movedRow(event.key, currentIndex, rows.length);
    if (next === null) return;
    event.preventDefault();
    move(next);
  };
  const move = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setCurrent(row.key);
    focusRow(index);
  };
  return (
    <div className="scroll" ref={scroll}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows that open and close */}
      <table role="treegrid" aria-label="Blocks" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {heads.map(({ key, label, width }) => (
              <SortableHead
                key={key}
                {...{ label, width, numeric: key !== 'order' }}
                descending={sorting.key === key ? sorting.descending : null}
                onSort={(descending) => setSorting({ key, descending })}
              />
            ))}
            <th className="num" style={{ width: 58 }}>
              %
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          <Spacer height={before} columns={4} />
          {indices.map((index) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <BlockTableRow
                key={row.key}
                {...{ row, room, total }}
                rowIndex={index + 2}
                isOpen={open.has(row.key)}
                isChosen={isChosen(row, chosen, selected)}
                reachable={index === currentIndex}
                onChoose={() => choose(row)}
                onExpand={(expanded) => {
                  setCurrent(row.key);
                  setExpanded(row.key, expanded);
                }}
              />
            );
          })}
          <Spacer height={after} columns={4} />
        </tbody>
      </table>
    </div>
  );
});

const statesOf = (row: Exclude<BlockRow, { kind: 'weight' }>): readonly WeightState[] =>
  row.kind === 'run' ? row.run.states : row.block.states;

/** Those that a technique can act on. */
const actedOn = (states: readonly WeightState[]): readonly WeightState[] =>
  states.filter(({ weight }) => weight.notCompressible === null);

/** Of the row that this one is inside of; itself at the top. */
function parentIndex(rows: readonly BlockRow[], index: number): number {
  const level = rows[index]?.level ?? 1;
  const found = rows.slice(0, index).findLastIndex((row) => row.level < level);
  return found < 0 ? index : found;
}

function isChosen(row: BlockRow, chosen: ReadonlySet<string>, selected: string | null): boolean {
  if (row.kind === 'weight') {
    const { name } = row.state.weight;
    return chosen.has(name) || (chosen.size === 0 && name === selected);
  }
  const acted = actedOn(statesOf(row));
  return (
    chosen.size > 1 && acted.length > 0 && acted.every(({ weight }) => chosen.has(weight.name))
  );
}
