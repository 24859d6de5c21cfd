import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Confusion } from '../../../report/confusion.ts';
import { formatCount } from '../../../report/format.ts';
import { useColourScheme } from '../../use-colour-scheme.ts';
import { className } from './class-name.ts';
import { drawConfusion, type MatrixColours, marginFor } from './draw-confusion.ts';
import { type MatrixCell, movedCell } from './matrix-keys.ts';

interface Props {
  readonly confusion: Confusion;
  readonly names: readonly string[];
  /** What rows and columns are: "Right", "B". */
  readonly rowsAre: string;
  readonly columnsAre: string;
  readonly onCell: (right: number, given: number) => void;
}

const HEIGHT = 340;
const LARGEST_CELL = 40;
const ZOOM = 1.6;
/** Of the cell that keys have reached, in pixels: cells of many classes are smaller. */
const LEAST_OUTLINE = 8;

/** Drawn where it is in view only, so that a million cells scroll as a hundred do. */
export function ConfusionMatrix({ confusion, names, rowsAre, columnsAre, onCell }: Props) {
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useColourScheme();
  const { classCount } = confusion;
  const [zoom, setZoom] = useState(1);
  const [at, setAt] = useState({ left: 0, top: 0 });
  const [pointed, setPointed] = useState<MatrixCell | null>(null);
  const [byKeys, setByKeys] = useState(false);
  const margin = useMemo(() => marginFor(names, classCount), [names, classCount]);
  const room = Math.max(1, Math.min(width, HEIGHT) - margin);
  const fit = Math.min(LARGEST_CELL, room / Math.max(1, classCount));
  const cell = Math.min(LARGEST_CELL, fit * zoom);
  const size = margin + classCount * cell;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(HEIGHT * ratio);
    context.scale(ratio, ratio);
    drawConfusion(
      context,
      confusion,
      names,
      { cell, margin, ...at, width, height: HEIGHT },
      coloursOf(element),
    );
  }, [confusion, names, cell, margin, at, width, scheme]);
  const cellAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left - margin;
    const y = event.clientY - box.top - margin;
    if (x < 0 || y < 0 || x > width || y > HEIGHT) return null;
    const [given, right] = [Math.floor((x + at.left) / cell), Math.floor((y + at.top) / cell)];
    return given < classCount && right < classCount ? { right, given } : null;
  };
  const point = (to: MatrixCell | null, isKey: boolean) => {
    setPointed(to);
    setByKeys(isKey);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && pointed) {
      onCell(pointed.right, pointed.given);
      return;
    }
    const next = movedCell(byKeys ? pointed : null, event.key, classCount);
    if (!next) return;
    event.preventDefault();
    point(next, true);
    const view = event.currentTarget;
    view.scrollLeft = inSight(next.given * cell, cell, view.scrollLeft, width - margin);
    view.scrollTop = inSight(next.right * cell, cell, view.scrollTop, HEIGHT - margin);
  };
  const words = pointed && cellWords(confusion, pointed, names, [rowsAre, columnsAre]);
  return (
    <figure className="confusion" aria-label="Confusion matrix">
      <div
        className="confusion-view"
        ref={ref}
        style={{ height: HEIGHT }}
        role="application"
        aria-label={`Matrix of ${formatCount(classCount)} classes: arrow keys move from cell to cell, Enter lists its rows`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its cells are reached by the arrow keys
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          const { scrollLeft, scrollTop } = event.currentTarget;
          setAt({ left: scrollLeft, top: scrollTop });
        }}
        onPointerMove={(event) => point(cellAt(event), false)}
        onPointerLeave={() => point(null, false)}
        onPointerUp={(event) => {
          const hit = cellAt(event);
          if (hit) onCell(hit.right, hit.given);
        }}
      >
        <div className="confusion-window">
          <canvas ref={canvas} role="img" aria-label={`${formatCount(classCount)} classes`} />
          {byKeys && pointed && (
            <i
              className="confusion-cell"
              style={{
                left: margin + pointed.given * cell - at.left,
                top: margin + pointed.right * cell - at.top,
                width: Math.max(LEAST_OUTLINE, cell),
                height: Math.max(LEAST_OUTLINE, cell),
              }}
            />
          )}
        </div>
        <div style={{ width: size, height: Math.max(0, size - HEIGHT) }} />
      </div>
      <figcaption className="legend confusion-caption">
        {/* A pointer passes many cells: only what keys lead to is told. */}
        <span aria-live={byKeys ? 'polite' : 'off'}>
          {words ?? `Rows: ${rowsAre.toLowerCase()}, columns: ${columnsAre}. Darker: more rows.`}
        </span>
        <span className="right">
          <button
            type="button"
            className="btn icon"
            aria-label="Zoom out of the matrix"
            aria-disabled={zoom <= 1}
            onClick={() => setZoom(Math.max(1, zoom / ZOOM))}
          >
            −
          </button>
          <button
            type="button"
            className="btn icon"
            aria-label="Zoom into the matrix"
            aria-disabled={cell >= LARGEST_CELL}
            onClick={() => cell < LARGEST_CELL && setZoom(zoom * ZOOM)}
          >
            +
          </button>
        </span>
      </figcaption>
    </figure>
  );
}

/** Where to scroll so that `length` pixels from `start` are in a view of `room`. */
const inSight = (start: number, length: number, scrolled: number, room: number): number =>
  Math.min(start, Math.max(scrolled, start + length - room));

/** "Right: 4, B: 9, 12 rows". */
function cellWords(
  { counts, classCount }: Confusion,
  { right, given }: MatrixCell,
  names: readonly string[],
  [rowsAre, columnsAre]: readonly [string, string],
): string {
  const count = counts[right * classCount + given] ?? 0;
  const rows = `${formatCount(count)} ${count === 1 ? 'row' : 'rows'}`;
  return `${rowsAre}: ${className(names, right)}, ${columnsAre}: ${className(names, given)}, ${rows}`;
}

function coloursOf(element: Element): MatrixColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    diagonal: token('plain'),
    other: token('bad'),
    text: token('text-2'),
    surface: token('surface'),
    line: token('line'),
    font: style.fontFamily,
  };
}
