import { startTransition, useEffect, useState } from 'react';

/** As many rows as are in view on a large screen, and drawn without a pause. */
export const AT_ONCE = 24;

/** The first of many items, and soon all: so that a long list does not hold the page up at once. */
export function useGrowing<T>(items: readonly T[]): readonly T[] {
  const [count, setCount] = useState(AT_ONCE);
  const more = count < items.length;
  useEffect(() => {
    if (!more) return;
    const next = requestAnimationFrame(() => startTransition(() => setCount(count + AT_ONCE)));
    return () => cancelAnimationFrame(next);
  }, [more, count]);
  return more ? items.slice(0, count) : items;
}
