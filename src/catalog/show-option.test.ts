import { expect, test } from 'vitest';
import { fp16 } from './fp16.ts';
import { magnitude } from './magnitude.ts';
import { rtn } from './rtn.ts';
import { isActive, showNumber, showOption, stepPhrase } from './show-option.ts';
import { svd } from './svd.ts';
import type { OptionValue, Technique } from './technique.ts';

const values = ({ options }: Technique, given: Readonly<Record<string, OptionValue>> = {}) => ({
  ...Object.fromEntries(options.map((spec) => [spec.key, spec.default])),
  ...given,
});

test('numbers carry their unit and no noise of binary fractions', () => {
  expect(showNumber({ display: 'percent' }, 0.5)).toBe('50 %');
  expect(showNumber({ display: 'percent' }, 0.07 * 5)).toBe('35 %');
  expect(showNumber({ display: 'percent' }, 0.001)).toBe('0.1 %');
  expect(showNumber({ display: 'plain' }, 64)).toBe('64');
});

test('a choice reads as its label, a toggle as on or off', () => {
  expect(showOption(rtn.options[1], 'channel')).toBe('channel');
  expect(showOption(rtn.options[2], false)).toBe('off');
});

test('an option is active where the other one says so', () => {
  expect(isActive(magnitude.options[1], values(magnitude))).toBe(true);
  expect(isActive(magnitude.options[1], values(magnitude, { pattern: '2:4' }))).toBe(false);
  expect(isActive(rtn.options[0], {})).toBe(true);
});

test.each([
  [rtn, {}, 'int4 block 32'],
  [rtn, { bits: 8, blockSize: 'channel' }, 'int8 per channel'],
  [magnitude, {}, '50 % pruned'],
  [magnitude, { pattern: '2:4' }, '2:4'],
  [svd, {}, 'rank by energy 95 %'],
  [svd, { by: 'budget' }, 'rank by budget 50 %'],
  [svd, { by: 'rank', rank: 96 }, 'rank 96'],
  [fp16, {}, 'fp16'],
] as const)('%o with %o is %s', (technique, given, phrase) => {
  expect(stepPhrase(technique, values(technique, given))).toBe(phrase);
});

test('phrases that name each other end', () => {
  const [option] = rtn.options;
  const loop: Technique = {
    ...rtn,
    phrase: '{bits}',
    options: [{ ...option, choices: [{ value: 4, label: '4', phrase: '{bits}' }], default: 4 }],
  };
  expect(stepPhrase(loop, { bits: 4 })).toBe('');
});
