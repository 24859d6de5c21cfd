import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Confusion } from '../../../report/confusion.ts';
import { formatCount } from '../../../report/format.ts';
import { useColourScheme } from '../../use-colour-scheme.ts';
import { className } from './class-name.ts';
import { drawConfusion, type MatrixColours, marginFor } from './draw-confusion.ts';

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

/** Drawn where it is in view only, so that a million cells scroll as a hundred do. */
export function ConfusionMatrix({ confusion, names, rowsAre, columnsAre, onCell }: Props) {
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useColourScheme();
  const { classCount } = confusion;
  const [zoom, setZoom] = useState(1);
  const [at, setAt] = useState({ left: 0, top: 0 });
  const [pointed, setPointed] = useState<{ right: number; given: number } | null>(null);
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
  const count = pointed && (confusion.counts[pointed.right * classCount + pointed.given] ?? 0);
  return (
    <figure className="confusion" aria-label="Confusion matrix">
      <div
        className="confusion-view"
        ref={ref}
        style={{ height: HEIGHT }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it
        tabIndex={0}
        onScroll={(event) => {
          const { scrollLeft, scrollTop } = event.currentTarget;
          setAt({ left: scrollLeft, top: scrollTop });
        }}
        onPointerMove={(event) => setPointed(cellAt(event))}
        onPointerLeave={() => setPointed(null)}
        onPointerUp={(event) => {
          const hit = cellAt(event);
          if (hit) onCell(hit.right, hit.given);
        }}
      >
        <div className="confusion-window">
          <canvas ref={canvas} role="img" aria-label={`${formatCount(classCount)} classes`} />
        </div>
        <div style={{ width: size, height: Math.max(0, size - HEIGHT) }} />
      </div>
      <figcaption className="legend confusion-caption">
        <span>
          {pointed && count !== null
            ? `${rowsAre}: ${className(names, pointed.right)}, ${columnsAre}: ${className(names, pointed.given)}, ${formatCount(count)} rows`
            : `Rows: ${rowsAre.toLowerCase()}, columns: ${columnsAre}. Darker: more rows.`}
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
