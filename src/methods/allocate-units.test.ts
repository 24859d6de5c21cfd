import { expect, test } from 'vitest';
import { allocateUnits, type SharedLayer } from './allocate-units.ts';

const layer = (scale: number, more: Partial<SharedLayer> = {}): SharedLayer => ({
  ...{ units: 96, step: 8, least: 16, elements: 10 },
  cost: (gone) => scale * gone ** 2,
  ...more,
});
const total = (layers: readonly SharedLayer[], kept: readonly number[]) =>
  layers.reduce((sum, { units, elements }, at) => sum + (units - (kept[at] ?? 0)) * elements, 0);
const costOf = (layers: readonly SharedLayer[], kept: readonly number[]) =>
  layers.reduce((sum, { units, cost }, at) => sum + cost(units - (kept[at] ?? 0)), 0);

test('exactly the budget goes, mostly where it costs least, and no swap of steps costs less', () => {
  const layers = [layer(4), layer(1), layer(1), layer(0.25)];
  const kept = allocateUnits(layers, 4 * 48 * 10);
  expect(total(layers, kept)).toBe(4 * 48 * 10);
  const [first = 0, second, third, last] = kept;
  expect(first).toBeGreaterThan(second ?? 0);
  expect(second).toBe(third);
  expect(last).toBe(16); // what stays at least
  const cost = costOf(layers, kept);
  for (const [at, a] of kept.entries()) {
    for (const [to, b] of kept.entries()) {
      if (at === to || a - 8 < 16 || b + 8 > 96) continue;
      const swapped = kept.with(at, a - 8).with(to, b + 8);
      expect(costOf(layers, swapped)).toBeGreaterThanOrEqual(cost);
    }
  }
});

test('units of more elements count for more, and the last step may pass the budget', () => {
  const wide = layer(1, { elements: 30 });
  const kept = allocateUnits([layer(1), wide], 1000);
  expect(kept[1]).toBeLessThan(kept[0] ?? 0);
  const gone = total([layer(1), wide], kept);
  expect(gone).toBeGreaterThanOrEqual(1000);
  expect(gone).toBeLessThan(1000 + 8 * 30);
});

test('a layer whose first step is dear and the next ones free goes at once', () => {
  const stepped = layer(1, { cost: (gone) => (gone > 0 ? 500 : 0) });
  const steady = layer(1, { cost: (gone) => 10 * gone });
  expect(allocateUnits([stepped, steady], 640)).toEqual([32, 96]);
});

test('more than may go leaves what stays at least; nothing to go leaves all', () => {
  expect(allocateUnits([layer(1), layer(2, { least: 40 })], 1e9)).toEqual([16, 40]);
  expect(allocateUnits([layer(1), layer(2)], 0)).toEqual([96, 96]);
});
