import { expect, test } from 'vitest';
import { magnitude } from '../../catalog/magnitude.ts';
import { rtn } from '../../catalog/rtn.ts';
import { svd } from '../../catalog/svd.ts';
import type { NumberOption } from '../../catalog/technique.ts';
import { optionWords } from './option-words.ts';
import { nearestStop, sliderStops } from './slider-stops.ts';
import { readNumber } from './typed-number.ts';
import { changedWhere, operatorChoices, operatorsOf } from './where-words.ts';

const SPARSITY: NumberOption = magnitude.options[1];
const RANK: NumberOption = svd.options[3];

test('a slider stops at clean values from one end to the other', () => {
  const stops = sliderStops(SPARSITY);
  expect(stops.at(0)).toBe(0);
  expect(stops.at(-1)).toBe(0.95);
  expect(stops).toContain(0.15); // 0 + 3 · 0.05 is 0.15000000000000002
  expect(stops).toHaveLength(20);
});

test('a wide range has wider steps, every stop a whole number once', () => {
  const stops = sliderStops(RANK);
  expect(stops.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  expect(stops.at(-1)).toBe(4096);
  expect(stops.length).toBeLessThan(200);
  expect(stops.every(Number.isInteger)).toBe(true);
  expect(new Set(stops).size).toBe(stops.length);
  expect(stops.toSorted((a, b) => a - b)).toEqual(stops);
});

test('a value between two stops is shown at the nearer', () => {
  const stops = sliderStops(SPARSITY);
  expect(stops[nearestStop(stops, 0.33)]).toBe(0.35);
  expect(stops[nearestStop(stops, 0.5)]).toBe(0.5);
});

test.each([
  ['35', { value: 0.35 }],
  ['35 %', { value: 0.35 }],
  ['0,5%', { value: 0.005 }],
  [' 95 ', { value: 0.95 }],
  ['96', { problem: 'Allowed: 0 % to 95 %' }],
  ['−1', { problem: 'Allowed: 0 % to 95 %' }],
  ['', { problem: 'Allowed: 0 % to 95 %' }],
  ['half', { problem: 'Allowed: 0 % to 95 %' }],
])('typed for a share, %j is %o', (text, typed) => {
  expect(readNumber(SPARSITY, text)).toEqual(typed);
});

test.each([
  ['1,024', { value: 1024 }],
  ['64', { value: 64 }],
  ['1.5', { problem: 'Allowed: a whole number from 1 to 4096' }],
])('typed for a rank, %j is %o', (text, typed) => {
  expect(readNumber(RANK, text)).toEqual(typed);
});

test('what is off by default is not said, what was switched off is', () => {
  const advanced = rtn.options.filter(({ level }) => level === 'advanced');
  expect(optionWords(advanced, {})).toBe('Symmetric, scales 16 bit, compute int8');
  const other = { symmetric: false, scaleType: 'float32', clip: true, compute: 'exact' };
  expect(optionWords(advanced, other)).toBe(
    'Symmetric: off, scales 32 bit, clip search, compute exact',
  );
});

test('operators to choose from are those that model and technique share', () => {
  const present = operatorsOf([{ op: 'Gemm, MatMul' }, { op: 'Conv' }, { op: 'Add' }]);
  const labels = operatorChoices(magnitude, 'wasm', present, undefined).map(({ label }) => label);
  expect(labels).toEqual([
    'every weight',
    'op is MatMul or Gemm',
    'op is Conv or ConvTranspose',
    'op is MatMul',
    'op is Gemm',
    'op is Conv',
  ]);
  const [current] = operatorChoices(rtn, 'wasm', present, ['LSTM', 'Gather']);
  expect(current?.label).toBe('op is LSTM or Gather');
});

test('changing one field of a selection keeps the others; none left selects everything', () => {
  const where = { op: ['Conv'], name: '*stem*', not: { name: 'x' } };
  expect(changedWhere(where, { name: undefined })).toEqual({ op: ['Conv'], not: { name: 'x' } });
  expect(changedWhere({ name: 'x' }, { name: undefined })).toBeNull();
  expect(changedWhere(undefined, { minElements: 1 })).toEqual({ minElements: 1 });
});
