import { expect, test } from 'vitest';
import { isFasterInInteger } from './conv-speed.ts';

test.each<[string, number, number, number[], number, boolean]>([
  ['3×3 of many channels', 16, 32, [3, 3], 1, true],
  ['1×1 of many channels', 64, 64, [1, 1], 1, true],
  ['two groups', 64, 64, [3, 3], 2, true],
  ['1×1 of few channels', 16, 32, [1, 1], 1, false],
  ['a stem', 1, 16, [3, 3], 1, false],
  ['depthwise', 64, 64, [3, 3], 64, false],
  ['groups of few channels', 256, 256, [3, 3], 32, false],
  ['1-D', 256, 256, [3], 1, false],
  ['3-D', 16, 32, [3, 3, 3], 1, false],
])('%s', (_name, inputs, outputs, kernel, groups, isFaster) => {
  expect(isFasterInInteger({ inputs, outputs, kernel, groups })).toBe(isFaster);
});
