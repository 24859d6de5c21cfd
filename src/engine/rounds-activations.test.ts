import { expect, test } from 'vitest';
import type { Attribute } from '../model/model.ts';
import { roundsActivations } from './rounds-activations.ts';

const node = (op: string, level?: number) => ({
  op,
  attributes: new Map<string, Attribute>(
    level === undefined ? [] : [['accuracy_level', { kind: 'int', value: level }]],
  ),
});

test.each([
  ['DynamicQuantizeLinear', undefined, true],
  ['QuantizeLinear', undefined, true],
  ['MatMulNBits', 4, true],
  ['MatMulNBits', 1, false],
  ['MatMulNBits', undefined, false],
  ['MatMul', undefined, false],
])('%s, accuracy level %s: %s', (op, level, rounds) => {
  expect(roundsActivations(node(op, level))).toBe(rounds);
});
