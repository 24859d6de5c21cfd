import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { loadPreviews } from '../../../state/look-at-rows.ts';
import { useSession, useStudio } from '../../studio-context.tsx';
import { RowCard } from './row-card.tsx';

interface Props {
  /** Indices in the data set, in the order of the list. */
  readonly rows: readonly number[];
  /** What was said to the row at a place of the list: terms and their descriptions. */
  readonly answersAt: (at: number) => ReactNode;
}

const ROW_HEIGHT = 64;

/** Rows with what was said to each, drawn only where they are in view. */
export function RowCards({ rows, answersAt }: Props) {
  const studio = useStudio();
  const failure = useSession(({ rowViews }) => rowViews.previewFailure);
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
                {...{ at: index, top: start, count: rows.length }}
                row={rows[index] ?? 0}
                reachable={index === first}
              >
                {answersAt(index)}
              </RowCard>
            ))}
          </div>
        </div>
      )}
    </>
  );
}
