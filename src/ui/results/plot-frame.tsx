import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { between, type ChartView, moved, viewOrAll, zoomed } from '../../report/chart/view.ts';
import { plotBox } from './plot-geometry.ts';

export interface Zooming {
  /** What shows without zoom. */
  readonly full: ChartView;
  readonly view: ChartView | null;
  readonly log: { readonly x: boolean; readonly y: boolean };
  readonly onView: (view: ChartView | null) => void;
}

interface Props {
  readonly width: number;
  readonly height: number;
  readonly zooming: Zooming;
  readonly children: ReactNode;
}

/** A drag shorter than this is a click. */
const SHORTEST_DRAG = 6;
const STEP = 1.5;
const MOVE = 0.2;

interface Drag {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/**
 * Zoom and movement over the chart: drag a rectangle, Ctrl and wheel, + − 0, Shift and arrows; the
 * arrows alone go from point to point.
 */
export function PlotFrame({ width, height, zooming, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const box = plotBox(width, height);
  const fractions = ([left, top]: readonly [number, number]) =>
    [
      (left - box.left) / Math.max(1, box.right - box.left),
      (box.bottom - top) / Math.max(1, box.bottom - box.top),
    ] as const;
  const place = (event: PointerEvent): readonly [number, number] => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [
      Math.min(box.right, Math.max(box.left, event.clientX - left)),
      Math.min(box.bottom, Math.max(box.top, event.clientY - top)),
    ];
  };
  useWheelZoom(frame, (event, bounds) => {
    const [x, y] = fractions([event.clientX - bounds.left, event.clientY - bounds.top]);
    zoomBy(zooming, event.deltaY < 0 ? STEP : 1 / STEP, [x, y]);
  });
  const end = () => {
    if (drag && isLong(drag)) zoomTo(zooming, fractions(drag.from), fractions(drag.to));
    setDrag(null);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element groups the points of a drawing
    <div
      ref={frame}
      className="plot-frame"
      role="group"
      aria-label="Points: arrow keys move among them, Enter selects, plus and minus zoom"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys are an alternative to dragging
      tabIndex={0}
      onKeyDown={(event) => onKey(event, zooming)}
      onPointerDown={(event) => {
        if (event.button !== 0 || (event.target as Element).closest('.point')) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: place(event), to: place(event) });
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: place(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      {children}
      {drag && isLong(drag) && <div className="brush" style={rectangle(drag)} />}
    </div>
  );
}

const isLong = ({ from, to }: Drag): boolean =>
  Math.abs(from[0] - to[0]) >= SHORTEST_DRAG && Math.abs(from[1] - to[1]) >= SHORTEST_DRAG;

const rectangle = ({ from, to }: Drag) => ({
  left: Math.min(from[0], to[0]),
  top: Math.min(from[1], to[1]),
  width: Math.abs(from[0] - to[0]),
  height: Math.abs(from[1] - to[1]),
});

type Fractions = readonly [x: number, y: number];

function zoomTo({ full, view, log, onView }: Zooming, from: Fractions, to: Fractions): void {
  const { x, y } = view ?? full;
  const next = {
    x: between(x, log.x, [from[0], to[0]], full.x),
    y: between(y, log.y, [from[1], to[1]], full.y),
  };
  onView(viewOrAll(next, full, log));
}

/** Zooms around the middle, or around `at`. */
export function zoomBy({ full, view, log, onView }: Zooming, factor: number, at?: Fractions): void {
  const { x, y } = view ?? full;
  const [centreX = 0.5, centreY = 0.5] = at ?? [];
  const next = {
    x: zoomed(x, log.x, { factor, centre: centreX }, full.x),
    y: zoomed(y, log.y, { factor, centre: centreY }, full.y),
  };
  onView(viewOrAll(next, full, log));
}

function moveBy({ full, view, log, onView }: Zooming, byX: number, byY: number): void {
  if (!view) return;
  onView({
    x: moved(view.x, log.x, byX, full.x),
    y: moved(view.y, log.y, byY, full.y),
  });
}

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function onKey(event: KeyboardEvent<HTMLElement>, zooming: Zooming): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) moveBy(zooming, arrow[0] * MOVE, arrow[1] * MOVE);
  else if (arrow) focusNext(event.currentTarget, arrow[0] + arrow[1]);
  else if (event.key === '+' || event.key === '=') zoomBy(zooming, STEP);
  else if (event.key === '-' || event.key === '−') zoomBy(zooming, 1 / STEP);
  else if (event.key === '0') zooming.onView(null);
  else return;
  event.preventDefault();
}

/** From point to point, from left to right. */
function focusNext(frame: HTMLElement, step: number): void {
  const left = (point: Element) => point.getBoundingClientRect().left;
  const points = [...frame.querySelectorAll<SVGElement>('.point')].sort(
    (a, b) => left(a) - left(b),
  );
  const at = points.indexOf(document.activeElement as SVGElement);
  const next = at < 0 ? (step > 0 ? 0 : points.length - 1) : at + step;
  points[Math.min(points.length - 1, Math.max(0, next))]?.focus();
}

/** With Ctrl (which pinching sends, too), so that the page scrolls over the chart as elsewhere. */
function useWheelZoom(
  frame: React.RefObject<HTMLDivElement | null>,
  act: (event: WheelEvent, bounds: DOMRect) => void,
): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault(); // the page would zoom; React's own listener cannot prevent that
      latest.current(event, element.getBoundingClientRect());
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [frame]);
}
