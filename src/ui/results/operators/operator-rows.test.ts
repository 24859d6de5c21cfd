import { expect, test } from 'vitest';
import type { OperatorTimes } from '../../../report/operator-times.ts';
import { operatorRows, totalMs } from './operator-rows.ts';

const times = (...operators: OperatorTimes['operators']): OperatorTimes => ({
  ...{ backend: 'webgpu', device: 'x', software: false, runs: 10, input: '', operators },
});
const a = times(
  { op: 'MatMul', count: 6, durationMs: 9, onCpu: false },
  { op: 'Softmax', count: 1, durationMs: 1, onCpu: false },
);
const b = times(
  { op: 'MatMulNBits', count: 6, durationMs: 4, onCpu: false },
  { op: 'Softmax', count: 1, durationMs: 2, onCpu: true },
);

test('operators of both are joined by kind and place, the slowest first', () => {
  expect(operatorRows(a, b).map(({ op, onCpu }) => [op, onCpu])).toEqual([
    ['MatMul', false],
    ['MatMulNBits', false],
    ['Softmax', true],
    ['Softmax', false],
  ]);
  expect(operatorRows(a, b)[1]).toMatchObject({ a: null, b: { durationMs: 4 } });
  expect(operatorRows(null, null)).toEqual([]);
});

test('a total is given only where every operator told its time', () => {
  expect(totalMs(a)).toBe(10);
  expect(totalMs(times({ op: 'MatMul', count: 6, durationMs: null, onCpu: false }))).toBeNull();
});
