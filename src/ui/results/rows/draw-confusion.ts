/** Draws the part of a confusion matrix that is in view. */
import type { Confusion } from '../../../report/confusion.ts';
import { className } from './class-name.ts';

export interface MatrixView {
  /** CSS pixels of a cell's side; below 1 a pixel shows several of them. */
  readonly cell: number;
  /** Room for names, left and above. */
  readonly margin: number;
  /** Matrix pixels left of and above what is in view. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface MatrixColours {
  readonly diagonal: string;
  readonly other: string;
  readonly text: string;
  readonly surface: string;
  readonly line: string;
  readonly font: string;
}

/** Most room for names: left of the rows, above the columns. */
const WIDEST_MARGIN = 84;
const NARROWEST_MARGIN = 28;
const CHARACTER = 6.2;
/** From here on names and counts are written. */
const NAMED_CELL = 14;
const COUNTED_CELL = 24;

/** Room for names of classes, as wide as the longest wants, within bounds. */
export function marginFor(names: readonly string[], classCount: number): number {
  let longest = 0;
  for (let index = 0; index < classCount; index++) {
    longest = Math.max(longest, className(names, index).length);
  }
  return Math.min(WIDEST_MARGIN, Math.max(NARROWEST_MARGIN, 12 + longest * CHARACTER));
}

/** Ink of a cell: 0 for nothing, and visible from the first row on. */
export function ink(count: number, most: number): number {
  return count === 0 || most === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(count / most);
}

/** Of matrices that are drawn again as they scroll: a million cells are looked through once. */
const largest = new WeakMap<Confusion, readonly [number, number]>();

/** The largest count on the diagonal, and off it. */
export function largestCounts(confusion: Confusion): readonly [number, number] {
  const known = largest.get(confusion);
  if (known) return known;
  const { classCount, counts } = confusion;
  let [diagonal, other] = [0, 0];
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] ?? 0;
    if (at % (classCount + 1) === 0) diagonal = Math.max(diagonal, count);
    else other = Math.max(other, count);
  }
  largest.set(confusion, [diagonal, other]);
  return [diagonal, other];
}

export function drawConfusion(
  context: CanvasRenderingContext2D,
  confusion: Confusion,
  names: readonly string[],
  view: MatrixView,
  colours: MatrixColours,
): void {
  const { classCount, counts } = confusion;
  const { cell, margin, left, top, width, height } = view;
  const [mostDiagonal, mostOther] = largestCounts(confusion);
  context.clearRect(0, 0, width, height);
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  const side = Math.min(classCount, Math.max(0, Math.floor((width - margin + left) / cell) + 1));
  const bottom = Math.min(classCount, Math.max(0, Math.floor((height - margin + top) / cell) + 1));
  const firstColumn = Math.floor(left / cell);
  const firstRow = Math.floor(top / cell);
  context.save();
  context.beginPath();
  context.rect(margin, margin, width - margin, height - margin);
  context.clip();
  context.fillStyle = colours.surface;
  context.fillRect(margin - left, margin - top, classCount * cell, classCount * cell);
  const gap = cell >= 6 ? 1 : 0;
  const drawn = Math.max(1, cell - gap);
  for (let row = firstRow; row < bottom; row++) {
    for (let column = firstColumn; column < side; column++) {
      const count = counts[row * classCount + column] ?? 0;
      const isDiagonal = row === column;
      if (count === 0 && !(isDiagonal && gap > 0)) continue;
      // Counts stay readable on the diagonal, which is dark all along.
      const alpha = isDiagonal ? 0.45 * ink(count, mostDiagonal) : ink(count, mostOther);
      const x = margin + column * cell - left;
      const y = margin + row * cell - top;
      context.globalAlpha = alpha;
      context.fillStyle = isDiagonal ? colours.diagonal : colours.other;
      context.fillRect(x, y, drawn, drawn);
      context.globalAlpha = 1;
      if (cell >= COUNTED_CELL && count > 0) {
        context.textAlign = 'center';
        context.fillStyle = alpha > 0.55 ? colours.surface : colours.text;
        context.fillText(String(count), x + cell / 2, y + cell / 2 + 1, cell - 2);
      }
    }
  }
  context.strokeStyle = colours.line;
  context.strokeRect(
    margin - left - 0.5,
    margin - top - 0.5,
    classCount * cell + 1,
    classCount * cell + 1,
  );
  context.restore();
  if (cell < NAMED_CELL) return;
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  for (let row = firstRow; row < bottom; row++) {
    const y = margin + (row + 0.5) * cell - top;
    if (y >= margin)
      context.fillText(fitting(context, className(names, row), margin), margin - 6, y);
  }
  context.textAlign = 'left';
  for (let column = firstColumn; column < side; column++) {
    const x = margin + (column + 0.5) * cell - left;
    if (x < margin || x > width) continue;
    context.save();
    context.translate(x, margin - 6);
    context.rotate(-Math.PI / 2);
    context.fillText(fitting(context, className(names, column), margin), 0, 0);
    context.restore();
  }
}

/** The name, cut to the margin. */
function fitting(context: CanvasRenderingContext2D, name: string, margin: number): string {
  const room = margin - 10;
  const characters = [...name.slice(0, 60)];
  if (context.measureText(characters.join('')).width <= room) return characters.join('');
  while (characters.length > 1 && context.measureText(`${characters.join('')}…`).width > room) {
    characters.pop();
  }
  return `${characters.join('')}…`;
}
