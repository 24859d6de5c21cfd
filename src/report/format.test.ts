import { describe, expect, test } from 'vitest';
import * as format from './format.ts';

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 KB'],
    [45_230, '45.2 KB'],
    [99_999, '100.0 KB'],
    [100_000, '0.1 MB'],
    [13_712_898, '13.7 MB'],
    [1_234_567_890, '1,234.6 MB'],
  ])('%i bytes are %s', (byteLength, text) => {
    expect(format.formatBytes(byteLength)).toBe(text);
  });

  test('exact bytes are grouped', () => {
    expect(format.formatExactBytes(13_712_898)).toBe('13,712,898 B');
  });

  test.each([
    [13_712_898, '13.7'],
    [4_600, '0.005'],
    [0, '0.0'],
  ])('%i bytes are %s in a column of MB', (byteLength, text) => {
    expect(format.formatMb(byteLength)).toBe(text);
  });
});

test.each([
  [-0.374, 1, '−0.4'],
  [-0.04, 1, '0.0'],
  [0.04, 1, '0.0'],
  [0, 1, '0.0'],
  [2.25, 1, '+2.3'],
  [-1234.5, 0, '−1,235'],
  [Number.NEGATIVE_INFINITY, 1, '−∞'],
  [Number.POSITIVE_INFINITY, 1, '+∞'],
])('%d signed with %i decimals is %s', (value, digits, text) => {
  expect(format.formatSigned(value, digits)).toBe(text);
});

test.each([
  [0.043, '0.04 ms'],
  [0.43, '0.4 ms'],
  [28.64, '28.6 ms'],
  [99.94, '99.9 ms'],
  [99.96, '100 ms'],
  [412.4, '412 ms'],
  [1412.4, '1,412 ms'],
])('%d ms is %s', (ms, text) => {
  expect(format.formatMs(ms)).toBe(text);
});

test.each([
  [430, '0.4 s'],
  [9_960, '10 s'],
  [36_400, '36 s'],
  [59_600, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_599_600, '1 h 0 min'],
  [3_780_000, '1 h 3 min'],
])('%i ms last %s', (ms, text) => {
  expect(format.formatDuration(ms)).toBe(text);
});

test.each([
  [90.9, 13.7, '6.6× smaller'],
  [10, 11, '1.1× larger'],
  [100, 99, 'same size'],
  [99, 100, 'same size'],
])('%d to %d is %s', (before, after, text) => {
  expect(format.formatSizeRatio(before, after)).toBe(text);
});

test.each([
  [0.5245, '1.9× faster'],
  [3.2, '3.2× slower'],
  [1.02, 'same speed'],
])('a time ratio of %d is %s, never "0.3× faster"', (ratio, text) => {
  expect(format.formatSpeedRatio(ratio)).toBe(text);
});

test.each([
  [4.47, '×4.5'],
  [1, '×1.00'],
  [0.96, '×0.96'],
])('a cell shows %d as %s', (ratio, text) => {
  expect(format.formatTimes(ratio)).toBe(text);
});

test('an interval is ± where both sides round alike', () => {
  expect(format.formatInterval(-0.0037, { low: -0.0127, high: 0.0053 }, true)).toBe('±0.9');
  expect(format.formatInterval(-0.0037, { low: -0.013, high: 0.002 }, true)).toBe('−1.3 to +0.2');
  expect(format.formatInterval(0.99, { low: 0.982, high: 0.994 })).toBe('98.2 to 99.4');
});

test('an interval that holds 0 is within noise', () => {
  expect(format.withinNoise({ low: -0.1, high: 0.1 })).toBe(true);
  expect(format.withinNoise({ low: 0, high: 0.1 })).toBe(true);
  expect(format.withinNoise({ low: 0.001, high: 0.1 })).toBe(false);
  expect(format.withinNoise({ low: -0.2, high: -0.001 })).toBe(false);
});

test.each([
  [842, '842'],
  [22_713_986, '22.7 M'],
  [1_100_000_000, '1.10 B'],
])('%i parameters are %s', (count, text) => {
  expect(format.formatParameters(count)).toBe(text);
});

test('shares, dimensions and hashes', () => {
  expect(format.formatPercent(1044 / 1068)).toBe('97.8 %');
  expect(format.formatPoints(-4 / 1068)).toBe('−0.4 pt');
  expect(format.formatDims([384, 1536])).toBe('384 × 1536');
  expect(format.formatDims([])).toBe('scalar');
  expect(format.shortHash(`9f3c${'0'.repeat(56)}e21a`)).toBe('9f3c…e21a');
});
