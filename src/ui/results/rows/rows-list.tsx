import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { formatCount } from '../../../report/format.ts';
import { filterRows, loadPreviews } from '../../../state/look-at-rows.ts';
import { filteredRows, type RowFilter, type RowSources } from '../../../state/row-filter.ts';
import { useSession, useStudio } from '../../studio-context.tsx';
import { className } from './class-name.ts';
import { RowCard } from './row-card.tsx';

interface Props {
  readonly sources: RowSources;
  readonly filter: RowFilter;
}

const ROW_HEIGHT = 64;

/** The rows that the filter takes, drawn only where they are in view. */
export function RowsList({ sources, filter }: Props) {
  const studio = useStudio();
  const { a, b, labels } = sources;
  const names = useSession(({ dataset }) => dataset.labels);
  const failure = useSession(({ rowViews }) => rowViews.previewFailure);
  const rows = useMemo(() => filteredRows(filter, { a, b, labels }), [filter, a, b, labels]);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 4,
    initialRect: { width: 400, height: 320 },
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    void loadPreviews(studio, rows.slice(first, last + 1));
  }, [studio, rows, first, last]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key];
    const card = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    if (step === undefined || !card) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, Number(card.dataset['at']) + step));
    virtual.scrollToIndex(next);
    // The card may only be drawn after the scroll.
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus(),
    );
  };
  return (
    <>
      <div className="rows-head">
        <FilterSelect {...{ filter, sources, names }} />
        <span className="s12 t3 nowrap" aria-live="polite">
          {formatCount(rows.length)} {rows.length === 1 ? 'row' : 'rows'}
        </span>
      </div>
      {failure && <p className="pad s12 bad">{failure.message}</p>}
      {rows.length === 0 ? (
        <p className="pad s12 t3">No row is like that.</p>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a list that is drawn in part, by absolute places
        <div
          className="rows-scroll"
          ref={scroll}
          role="list"
          aria-label="Rows"
          onKeyDown={onKeyDown}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {items.map(({ index, start }) => (
              <RowCard
                key={rows[index]}
                {...{ names, sources, at: index, top: start, count: rows.length }}
                row={rows[index] ?? 0}
                reachable={index === first}
              />
            ))}
          </div>
        </div>
      )}
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
