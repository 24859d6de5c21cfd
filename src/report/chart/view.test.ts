import { expect, test } from 'vitest';
import { linearScale, logScale } from './scale.ts';
import {
  between,
  fractionOf,
  isWithin,
  moved,
  partOf,
  valueAt,
  viewOrAll,
  zoomed,
} from './view.ts';

const LOG = { low: 1, high: 100 };
const LINEAR = { low: 70, high: 90 };

test.each([
  [LOG, true, 10, 0.5],
  [LINEAR, false, 75, 0.25],
] as const)('fractions and values are each other: %j', (domain, log, value, fraction) => {
  expect(fractionOf(domain, log, value)).toBeCloseTo(fraction, 12);
  expect(valueAt(domain, log, fraction)).toBeCloseTo(value, 12);
});

test('a dragged rectangle is taken in either direction and cut at the whole', () => {
  expect(between(LINEAR, false, [0.75, 0.25], LINEAR)).toEqual({ low: 75, high: 85 });
  expect(between(LINEAR, false, [-1, 0.5], LINEAR)).toEqual({ low: 70, high: 80 });
});

test('zooming keeps the value under the pointer in place', () => {
  for (const [domain, log] of [
    [LOG, true],
    [LINEAR, false],
  ] as const) {
    for (const centre of [0.25, 0.5, 0.9]) {
      const closer = zoomed(domain, log, { factor: 2, centre }, domain);
      const value = valueAt(domain, log, centre);
      expect(fractionOf(closer, log, value)).toBeCloseTo(centre, 10);
      const back = zoomed(closer, log, { factor: 0.5, centre }, domain);
      expect(back.low).toBeCloseTo(domain.low, 9);
      expect(back.high).toBeCloseTo(domain.high, 9);
    }
  }
});

test('zooming out stops at the whole, also from a corner', () => {
  const corner = { low: 70, high: 75 };
  const wider = zoomed(corner, false, { factor: 0.5, centre: 1 }, LINEAR);
  expect(wider.low).toBeCloseTo(70, 10);
  expect(wider.high).toBeCloseTo(80, 10);
  expect(zoomed(corner, false, { factor: 0.01 }, LINEAR)).toEqual(LINEAR);
});

test('zooming in stops where nothing is left to tell apart', () => {
  let domain = { ...LINEAR };
  for (let step = 0; step < 50; step++) domain = zoomed(domain, false, { factor: 2 }, LINEAR);
  expect(domain.high - domain.low).toBeGreaterThan(0.03);
});

test('moving stops at the edge without getting narrower', () => {
  const part = { low: 80, high: 85 };
  expect(moved(part, false, 0.4, LINEAR)).toEqual({ low: 82, high: 87 });
  const end = moved(part, false, 5, LINEAR);
  expect(end.high - end.low).toBeCloseTo(5, 10);
  expect(end.high).toBeCloseTo(90, 10);
});

test('nearly everything is everything', () => {
  const full = { x: LOG, y: LINEAR };
  const log = { x: true, y: false };
  expect(viewOrAll({ x: LOG, y: { low: 70.1, high: 90 } }, full, log)).toBeNull();
  const part = { x: LOG, y: { low: 75, high: 90 } };
  expect(viewOrAll(part, full, log)).toBe(part);
});

test('a part has ticks of its own where the whole ones are too few', () => {
  const whole = logScale([1, 100]);
  expect(partOf(whole, { low: 1.9, high: 55 }).ticks).toEqual(
    whole.ticks.filter((tick) => isWithin({ low: 1.9, high: 55 }, tick)),
  );
  const close = partOf(linearScale([70, 90]), { low: 83.2, high: 83.9 });
  expect(close.ticks.length).toBeGreaterThanOrEqual(3);
  expect(close.ticks.every((tick) => tick >= 83.2 && tick <= 83.9)).toBe(true);
  expect(close.ticks.length).toBeLessThanOrEqual(8);
});
