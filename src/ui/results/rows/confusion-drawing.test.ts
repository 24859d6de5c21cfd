import { expect, test, vi } from 'vitest';
import { confusionOf, MOST_CLASSES } from '../../../report/confusion.ts';
import { drawConfusion, largestCounts, marginFor } from './draw-confusion.ts';
import { movedCell } from './matrix-keys.ts';

const COLOURS = {
  ...{ diagonal: 'grey', other: 'red', text: 'black', surface: 'white', line: 'silver' },
  font: 'sans-serif',
};

/** A drawing context that only remembers the rectangles that were filled. */
function recorder() {
  const filled: { x: number; y: number; style: string }[] = [];
  const nothing = vi.fn();
  const context = {
    ...{ clearRect: nothing, save: nothing, restore: nothing, beginPath: nothing, rect: nothing },
    ...{ clip: nothing, strokeRect: nothing, fillText: nothing, translate: nothing },
    ...{ rotate: nothing, measureText: (text: string) => ({ width: 6 * text.length }) },
    fillStyle: '',
    fillRect: (x: number, y: number) => filled.push({ x, y, style: context.fillStyle }),
  };
  return { context: context as unknown as CanvasRenderingContext2D, filled, nothing };
}

test('a thousand classes are drawn: every cell that has rows, and nothing for the million others', () => {
  const rows = Array.from({ length: 5000 }, (_, row) => row);
  const right = rows.map((row) => row % MOST_CLASSES);
  const given = rows.map((row) => (row % 7 === 0 ? (row * 31) % MOST_CLASSES : row % MOST_CLASSES));
  const confusion = confusionOf(right, given, MOST_CLASSES);
  const cells = new Set(rows.map((row) => `${right[row]} ${given[row]}`));
  const names = Array.from({ length: MOST_CLASSES }, (_, at) => `class ${at}`);
  const margin = marginFor(names, MOST_CLASSES);
  const { context, filled } = recorder();
  const view = { margin, left: 0, top: 0, width: 400, height: 340 };
  drawConfusion(
    context,
    confusion,
    names,
    { ...view, cell: (340 - margin) / MOST_CLASSES },
    COLOURS,
  );
  expect(filled).toHaveLength(1 + cells.size);
  for (const { x, y } of filled) {
    expect(x).toBeGreaterThanOrEqual(margin);
    expect(Math.max(x, y)).toBeLessThanOrEqual(340);
  }
  expect(largestCounts(confusion)).toEqual([5, expect.any(Number)]);
});

test('of a matrix that is zoomed only the part in view is drawn', () => {
  const every = Array.from({ length: MOST_CLASSES }, (_, at) => at);
  const confusion = confusionOf(every, every, MOST_CLASSES);
  const { context, filled } = recorder();
  const view = { margin: 84, left: 4000, top: 4000, width: 404, height: 340 };
  drawConfusion(context, confusion, [], { ...view, cell: 40 }, COLOURS);
  expect(filled).toHaveLength(1 + 7); // rows 100 to 106; 256 px hold six and a part
});

test.each([
  [null, 'ArrowDown', [0, 0]],
  [[0, 0], 'ArrowLeft', [0, 0]],
  [[3, 4], 'ArrowDown', [4, 4]],
  [[3, 4], 'ArrowRight', [3, 5]],
  [[3, 4], 'PageDown', [9, 4]],
  [[3, 4], 'Home', [3, 0]],
  [[3, 4], 'End', [3, 9]],
  [[9, 9], 'ArrowRight', [9, 9]],
] as const)('from %j, %s leads to %j of ten classes', (from, key, [right, given]) => {
  const cell = from && { right: from[0], given: from[1] };
  expect(movedCell(cell, key, 10)).toEqual({ right, given });
  expect(movedCell(cell, 'a', 10)).toBeNull();
});
