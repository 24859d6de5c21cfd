import { describe, expect, test } from 'vitest';
import { encodingForRtn } from './choose-encoding.ts';
import { bitsPerWeight, columnBlocks, encodingLayout, layoutBytes } from './encoding-layout.ts';
import type { QuantizedChoice } from './encodings.ts';
import { shapeByAxis } from './matrix-shape.ts';
import type { TargetId } from './targets.ts';

const choose = (
  operator: 'MatMul' | 'Gather' | 'Conv' | 'value',
  target: TargetId,
  options: { bits: number; blockSize: number | string; symmetric?: boolean; scaleType?: string },
  shape = shapeByAxis([64, 64], operator === 'MatMul' ? 1 : 0),
): QuantizedChoice => {
  const all = { symmetric: true, scaleType: 'float16', ...options };
  const decision = encodingForRtn(all, { row: operator, shape, groups: 1 }, target);
  if ('refused' in decision) throw new Error(decision.refused);
  return decision.choice;
};
const bytes = (choice: QuantizedChoice, K: number, N: number) =>
  encodingLayout(choice, shapeByAxis([K, N], 1)).map((tensor) => [
    tensor.role,
    layoutBytes(tensor),
  ]);

describe('stored bytes', () => {
  test('MatMulNBits: 4-bit codes in whole blocks, 16-bit scales, zero points by row', () => {
    const symmetric = choose('MatMul', 'webgpu', { bits: 4, blockSize: 32 });
    expect(bytes(symmetric, 100, 33)).toEqual([
      ['codes', 33 * 4 * 16],
      ['scales', 33 * 4 * 2],
    ]);
    const odd = choose('MatMul', 'webgpu', { bits: 4, blockSize: 32, symmetric: false });
    expect(bytes(odd, 96, 33).at(-1)).toEqual(['zeroPoints', 33 * 2]);
  });

  test('rows of an embedding hold no padding', () => {
    const choice = choose('Gather', 'webgpu', { bits: 4, blockSize: 32 });
    expect(bytes(choice, 50, 7)).toEqual([
      ['codes', 7 * 25],
      ['scales', 7 * 2 * 2],
    ]);
  });

  test('blocks that unpack at load carry one scale a column more', () => {
    const choice = choose('MatMul', 'wasm', { bits: 4, blockSize: 32 });
    expect(bytes(choice, 100, 33)).toEqual([
      ['codes', 64 * 33],
      ['scales', 4 * 33 * 2],
      ['columnScales', 33 * 4],
    ]);
    expect(bitsPerWeight(choice, shapeByAxis([384, 384], 1))).toBeCloseTo(4.5 + 32 / 384, 12);
  });

  test('a block that spans an odd column is padded to whole bytes', () => {
    const choice = choose('MatMul', 'wasm', { bits: 4, blockSize: 'channel' });
    expect(columnBlocks(choice, 7)).toEqual({ blocks: 1, blockSize: 8 });
    expect(bytes(choice, 7, 3)[0]).toEqual(['codes', 12]);
  });

  test('8-bit columns and rows store one scale each', () => {
    const columns = choose('MatMul', 'wasm', { bits: 8, blockSize: 'channel', symmetric: false });
    expect(bytes(columns, 10, 6)).toEqual([
      ['codes', 60],
      ['scales', 24],
      ['zeroPoints', 6],
    ]);
    const rows = choose('Gather', 'wasm', { bits: 8, blockSize: 'channel' });
    expect(bytes(rows, 10, 6)).toEqual([
      ['codes', 60],
      ['scales', 24],
    ]);
  });
});

describe('what a kernel cannot use', () => {
  test('is refused with the remedy', () => {
    const options = { bits: 4, blockSize: 'channel', symmetric: true, scaleType: 'float16' };
    for (const operator of ['MatMul', 'Gemm', 'Gather'] as const) {
      const place = { row: operator, shape: shapeByAxis([64, 64], 1), groups: 1 };
      expect(encodingForRtn(options, place, 'webgpu')).toEqual({
        refused: expect.stringMatching(/takes blocks of 16 to 256: choose a block size/),
        fix: { key: 'blockSize', value: 32 },
      });
    }
  });

  test('or is adapted in sight', () => {
    expect(choose('MatMul', 'wasm', { bits: 8, blockSize: 32 })).toMatchObject({
      blockSize: 'channel',
      adapted: expect.stringContaining('block size 32 is not used'),
    });
  });
});
