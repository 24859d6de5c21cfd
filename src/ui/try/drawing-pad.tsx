import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef, useState } from 'react';
import type { SeenImage } from '../../report/trial.ts';
import { type Grid, type Point, penRadius, stroke } from './pad-grid.ts';

interface Props {
  readonly shown: SeenImage;
  /** What a stroke is added to, asked when it begins. */
  readonly current: () => Grid;
  /** Of the pen, from 0 to 255. */
  readonly level: number;
  readonly onChange: (grid: Grid) => void;
}

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Cells that are painted by pointer, or by keys: arrows move, Space paints, Shift draws a line. */
export function DrawingPad({ shown, current, level, onChange }: Props) {
  const helpId = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Point | null>(null);
  const { width, height } = shown;
  const [cursor, setCursor] = useState<Point>({ x: width >> 1, y: height >> 1 });
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (canvas.current) draw(canvas.current, shown);
  }, [shown]);

  const paint = (from: Point, to: Point) => {
    const grid = current();
    onChange(stroke(grid, from, to, level, penRadius(grid)));
  };
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    if ((event.buttons & 1) === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    const grid = current();
    const at = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => ({
      x: ((clientX - box.left) / box.width) * grid.width,
      y: ((clientY - box.top) / box.height) * grid.height,
    });
    const to = at(event.nativeEvent);
    if (event.type === 'pointerdown') {
      event.currentTarget.setPointerCapture(event.pointerId);
      last.current = to;
    }
    paint(last.current ?? to, to);
    last.current = to;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const centre = { x: cursor.x + 0.5, y: cursor.y + 0.5 };
    const step = STEPS[event.key];
    if (event.key === ' ') {
      paint(centre, centre);
      setSaid(`Painted ${placeWords(cursor)}`);
    } else if (step) {
      const next = {
        x: Math.min(width - 1, Math.max(0, cursor.x + step.x)),
        y: Math.min(height - 1, Math.max(0, cursor.y + step.y)),
      };
      if (event.shiftKey) paint(centre, { x: next.x + 0.5, y: next.y + 0.5 });
      setCursor(next);
      setSaid(placeWords(next));
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <div
        className="drawing-pad"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys of its own
        tabIndex={0}
        aria-label={`Drawing pad, ${height} × ${width} cells`}
        aria-describedby={helpId}
        style={{ aspectRatio: `${width} / ${height}` }}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onPointerUp={() => {
          last.current = null;
        }}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} width={width} height={height} />
        <span
          className="pad-cursor"
          aria-hidden="true"
          style={{
            left: `${(100 * cursor.x) / width}%`,
            top: `${(100 * cursor.y) / height}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
          }}
        />
      </div>
      <p id={helpId} className="pad-help s11 t3">
        Arrows move, Space paints, Shift with an arrow draws.
      </p>
      <span className="hidden-name" aria-live="polite">
        {said}
      </span>
    </>
  );
}

const placeWords = ({ x, y }: Point): string => `row ${y + 1}, column ${x + 1}`;

function draw(canvas: HTMLCanvasElement, { width, height, channels, levels }: SeenImage): void {
  const context = canvas.getContext('2d');
  if (!context) return; // no canvas: the figures beside it still hold
  const pixels = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      const at = channels === 3 ? pixel * 3 + colour : pixel;
      pixels.data[4 * pixel + colour] = levels[at] ?? 0;
    }
    pixels.data[4 * pixel + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
}
