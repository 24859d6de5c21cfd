import { expect, test } from 'vitest';
import { magnitude } from '../../catalog/magnitude.ts';
import { rtn } from '../../catalog/rtn.ts';
import { svd } from '../../catalog/svd.ts';
import type { NumberOption } from '../../catalog/technique.ts';
import { ANY_MODEL } from '../../recipe/model-traits.ts';
import { budgetWords, fittingPreset } from './budget-words.ts';
import { estimateWords } from './estimate-words.ts';
import { optionWords } from './option-words.ts';
import { presetWords } from './preset-words.ts';
import { nearestStop, sliderStops } from './slider-stops.ts';
import { readBytes } from './typed-bytes.ts';
import { readNumber } from './typed-number.ts';
import { changedWhere, operatorChoices, operatorsOf } from './where-words.ts';

const SPARSITY: NumberOption = magnitude.options[1];
const RANK: NumberOption = svd.options[4];

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

test.each([
  ['25', { value: 25_000_000 }],
  ['25 MB', { value: 25_000_000 }],
  [' 800kb ', { value: 800_000 }],
  ['1,5 GB', { value: 1_500_000_000 }],
  ['1.5gb', { value: 1_500_000_000 }],
  ['20,322,886 B', { value: 20_322_886 }],
  ['0', { problem: 'Allowed: a size such as 25 MB or 800 KB' }],
  ['-3 MB', { problem: 'Allowed: a size such as 25 MB or 800 KB' }],
  ['25 apples', { problem: 'Allowed: a size such as 25 MB or 800 KB' }],
  ['1e400', { problem: 'Allowed: a size such as 25 MB or 800 KB' }],
  ['9999999999 GB', { problem: 'Allowed: a size such as 25 MB or 800 KB' }],
])('typed for a budget, %j is %o', (text, typed) => {
  expect(readBytes(text)).toEqual(typed);
});

test('a plan is over a budget or leaves some of it; an upper bound says so', () => {
  expect(budgetWords(26_200_000, true, 25e6)).toEqual({ over: true, text: 'over by 1.2 MB' });
  expect(budgetWords(20_300_000, true, 25e6)).toEqual({ over: false, text: '4.7 MB to spare' });
  expect(budgetWords(26_200_000, false, 25e6).text).toBe('over by at most 1.2 MB');
  expect(budgetWords(20_300_000, false, 25e6).text).toBe('at least 4.7 MB to spare');
});

test('what fits a budget is the preset that takes the least away', () => {
  const plan = (byteLength: number) => ({ byteLength, exact: true, weightCount: 37 });
  const plans = {
    half: plan(45_500_000),
    'fast-wasm': plan(23_000_000),
    close: plan(20_300_000),
    smallest: plan(10_200_000),
    hybrid: plan(10_100_000),
  };
  const offer = (budget: number, target: 'webgpu' | 'wasm' = 'webgpu') =>
    fittingPreset(plans, target, ANY_MODEL, budget);
  expect(offer(50e6)).toEqual({ preset: 'half', label: 'Half the bytes fits: 45.5 MB' });
  expect(offer(25e6)).toEqual({ preset: 'close', label: 'Small, stays close fits: 20.3 MB' });
  expect(offer(25e6, 'wasm')).toMatchObject({ preset: 'fast-wasm' });
  expect(offer(10e6)).toEqual({
    preset: null,
    label: 'No preset fits: Even smaller, faster comes to 10.1 MB',
  });
  expect(fittingPreset({}, 'webgpu', ANY_MODEL, 25e6)).toBeNull();
  const useless = { ...plans, close: { ...plan(1), weightCount: 0 }, half: { refusal: 'no' } };
  expect(fittingPreset(useless, 'webgpu', ANY_MODEL, 25e6)).toMatchObject({ preset: 'smallest' });
});

test('a preset says what it comes to, or that it does nothing here', () => {
  const plan = { byteLength: 20_322_886, exact: true, weightCount: 37 };
  expect(presetWords(undefined, 'int8')).toEqual({ size: '', exact: undefined, says: 'int8' });
  expect(presetWords(plan, 'int8')).toMatchObject({ size: '20.3 MB', exact: '20,322,886 B' });
  expect(presetWords({ ...plan, exact: false }, 'int8').size).toBe('at most 20.3 MB');
  expect(presetWords({ ...plan, weightCount: 0 }, 'int8')).toMatchObject({
    size: '',
    says: 'int8: acts on no weight of this model',
  });
  expect(presetWords({ refusal: 'Too large' }, 'int8').says).toBe('Too large');
});

test('an estimate says what is known and what is not', () => {
  const known = { compressMs: 20_000, benchmarkMs: 40_000, peakBufferBytes: 610_000_000 };
  expect(estimateWords(known, true)).toBe(
    'About 1 min 0 s with the benchmark, 610.0 MB of GPU buffers',
  );
  expect(estimateWords({ ...known, peakBufferBytes: null }, false)).toBe('About 20 s');
  expect(estimateWords({ ...known, benchmarkMs: null }, true)).toContain('not known yet');
  expect(estimateWords({ ...known, compressMs: null }, true)).toMatch(/^Time not known yet/);
});
