import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../report/format.ts';
import { filterWeights, selectWeight } from '../../state/look-at.ts';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { filterStates, type Sorting, type SortKey, sortStates } from './weight-list.ts';
import type { View, WeightState } from './weight-state.ts';
import { WeightTableRow } from './weight-table-row.tsx';

interface Props {
  readonly states: readonly WeightState[];
  readonly view: View;
}

const ROW_HEIGHT = 24;
/** Of the widest system font, so that names are never cut twice. */
const CHARACTER_WIDTH = 6.8;
/** Holds "int8·channel" with its swatch. */
const ENCODING_WIDTH = 126;

/** Every weight: filtered, sorted, drawn only where it is in view. */
export const WeightsTable = memo(function WeightsTable({ states, view }: Props) {
  const studio = useStudio();
  const filter = useSession(({ weightFilter }) => weightFilter);
  const selected = useSession(({ selectedWeight }) => selectedWeight);
  const [sorting, setSorting] = useState<Sorting>({ key: 'bytes', descending: true });
  const rows = useMemo(
    () => sortStates(filterStates(states, filter), sorting),
    [states, filter, sorting],
  );
  const total = states.reduce((sum, { weight }) => sum + weight.byteLength, 0);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    initialRect: { width: 368, height: 216 },
  });
  const width = virtual.scrollRect?.width ?? 368;
  const room = Math.floor((width - (view === 'now' ? 272 : 242) - 24) / CHARACTER_WIDTH);
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const selectedIndex = rows.findIndex(({ weight }) => weight.name === selected);

  const move = (index: number) => {
    const row = rows[index];
    if (!row) return;
    virtual.scrollToIndex(index);
    void selectWeight(studio, row.weight.name);
    // The row may only be drawn after the scroll.
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"]`)?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(Math.min(rows.length - 1, Math.max(0, selectedIndex + step)));
  };
  const head = (key: SortKey, label: string, numeric = false, width?: number) => (
    <SortableHead
      {...{ label, numeric, width, sorting: sorting.key === key ? sorting : null }}
      onSort={(descending) => setSorting({ key, descending })}
    />
  );
  return (
    <div className="weights">
      <div style={{ padding: '8px 16px 6px' }}>
        <label className="field">
          <Icon name="search" small />
          <input
            data-filter-weights
            aria-label="Filter weights"
            placeholder={`Filter ${formatCount(states.length)} ${states.length === 1 ? 'weight' : 'weights'} by name, op or shape`}
            value={filter}
            onChange={(event) => filterWeights(studio, event.currentTarget.value)}
          />
          {filter !== '' && <span>{formatCount(rows.length)}</span>}
        </label>
      </div>
      <div className="scroll" ref={scroll}>
        <table aria-label="Weights" aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {head('name', 'Weight')}
              {head('bytes', 'MB', true, 64)}
              {view === 'now' ? (
                <>
                  {head('encoding', 'Encoding', false, ENCODING_WIDTH)}
                  {head('sqnr', 'SQNR, dB', true, 82)}
                </>
              ) : (
                <>
                  <th className="num" style={{ width: 52 }}>
                    %
                  </th>
                  {head('encoding', view === 'planned' ? 'Planned' : 'Type', false, ENCODING_WIDTH)}
                </>
              )}
            </tr>
          </thead>
          <tbody onKeyDown={onKeyDown}>
            <Spacer height={before} />
            {items.map(({ index }) => {
              const state = rows[index];
              if (!state) return null;
              const isSelected = index === selectedIndex;
              const reachable = isSelected || (selectedIndex < 0 && index === 0);
              return (
                <WeightTableRow
                  key={state.weight.name}
                  {...{ state, view, total, room, isSelected, reachable }}
                  rowIndex={index + 2}
                />
              );
            })}
            <Spacer height={after} />
          </tbody>
        </table>
        {rows.length === 0 && <p className="s12 t3 pad">No weight matches “{filter}”.</p>}
      </div>
    </div>
  );
});

/** Stands for the rows that are not drawn. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr className="spacer" style={{ height }}>
      <td colSpan={4} style={{ height }} />
    </tr>
  );
}

interface HeadProps {
  readonly label: string;
  readonly numeric: boolean;
  readonly width: number | undefined;
  /** null if the table is sorted by another column. */
  readonly sorting: Sorting | null;
  readonly onSort: (descending: boolean) => void;
}

function SortableHead({ label, numeric, width, sorting, onSort }: HeadProps) {
  const direction = sorting && (sorting.descending ? 'descending' : 'ascending');
  return (
    <th
      className={numeric ? 'num' : ''}
      style={width === undefined ? undefined : { width }}
      aria-sort={direction ?? undefined}
    >
      <button type="button" onClick={() => onSort(sorting ? !sorting.descending : numeric)}>
        {label}
        {sorting && <span aria-hidden="true"> {sorting.descending ? '↓' : '↑'}</span>}
      </button>
    </th>
  );
}
