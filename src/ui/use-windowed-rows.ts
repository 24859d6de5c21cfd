import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';

/**
 * Rows of which only those in view are drawn; the rest is empty room before and after them.
 * - `rowHeight` — of each, in pixels
 */
export function useWindowedRows(count: number, rowHeight: number) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 368, height: 216 },
  });
  const items = virtual.getVirtualItems();
  return {
    scroll,
    width: virtual.scrollRect?.width ?? 368,
    indices: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    after: virtual.getTotalSize() - (items.at(-1)?.end ?? 0),
    /** Brings a row into view and puts the focus on it, which may only be drawn after the scroll. */
    focusRow: (index: number) => {
      virtual.scrollToIndex(index);
      requestAnimationFrame(() =>
        scroll.current?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"]`)?.focus(),
      );
    },
  };
}
