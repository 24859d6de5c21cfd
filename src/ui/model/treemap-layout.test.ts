import { expect, test } from 'vitest';
import { model } from '../../state/testing/minilm.ts';
import { squarify } from './squarify.ts';
import { treemapLayout } from './treemap-layout.ts';

const BOX = { x: 10, y: 20, width: 300, height: 200 };

test('areas are in proportion and fill the box', () => {
  const values = [50, 30, 10, 5, 3, 1, 1];
  const cells = squarify(values, (value) => value, BOX);
  for (const { item, width, height } of cells) {
    expect(width * height).toBeCloseTo((item / 100) * 300 * 200, 6);
  }
  expect(Math.max(...cells.map(({ x, width }) => x + width))).toBeCloseTo(310, 9);
  expect(Math.max(...cells.map(({ y, height }) => y + height))).toBeCloseTo(220, 9);
});

test('cells do not overlap', () => {
  const cells = squarify([9, 7, 5, 3, 2, 2, 1], (value) => value, BOX);
  for (const [index, a] of cells.entries()) {
    for (const b of cells.slice(index + 1)) {
      const apart =
        a.x + a.width <= b.x + 1e-9 ||
        b.x + b.width <= a.x + 1e-9 ||
        a.y + a.height <= b.y + 1e-9 ||
        b.y + b.height <= a.y + 1e-9;
      expect(apart).toBe(true);
    }
  }
});

test('empty items get no cell', () => {
  expect(squarify([0, 4], (value) => value, BOX).map(({ item }) => item)).toEqual([4]);
  expect(squarify([], () => 1, BOX)).toEqual([]);
});

test('every weight is in one cell, and small neighbours share theirs', () => {
  const groups = treemapLayout(model.weights, 368, 203);
  const members = groups.flatMap(({ cells }) => cells.flatMap(({ item }) => item.members));
  expect(members.toSorted((a, b) => a - b)).toEqual(model.weights.map((_, index) => index));
  const merged = groups.flatMap(({ cells }) => cells).filter(({ item }) => item.members.length > 1);
  expect(merged.length).toBeGreaterThan(0);
  for (const { item } of merged) {
    for (const index of item.members) {
      expect(model.weights[index]?.byteLength).toBeLessThan(10_000);
    }
  }
});

test('thirty thousand weights become few cells', () => {
  const [one] = model.weights;
  if (!one) throw new Error('the model has weights');
  const many = Array.from({ length: 30_000 }, (_, index) => ({
    ...one,
    name: `w${index}`,
    group: `block ${index % 100}`,
  }));
  const cells = treemapLayout(many, 368, 203).flatMap((group) => group.cells);
  expect(cells.length).toBeLessThan(1000);
});

test('ten thousand layers of one weight each become few groups', () => {
  const [one] = model.weights;
  if (!one) throw new Error('the model has weights');
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    ...one,
    name: `w${index}`,
    group: `layer ${index}`,
  }));
  const groups = treemapLayout(many, 368, 203);
  expect(groups.map(({ name }) => name)).toEqual(['other']);
  const members = groups.flatMap(({ cells }) => cells.flatMap(({ item }) => item.members));
  expect(members).toHaveLength(10_000);
  expect(groups.flatMap(({ cells }) => cells).length).toBeLessThan(1000);
});
