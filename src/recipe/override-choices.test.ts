import { expect, test } from 'vitest';
import type { EncodingRow } from '../catalog/encodings.ts';
import { shapeByAxis } from '../catalog/matrix-shape.ts';
import type { TargetId } from '../catalog/targets.ts';
import { type OverridePlaces, overrideChoices } from './override-choices.ts';

const phrases = (...operators: string[]) =>
  overrideChoices(new Set(operators), []).map(({ label, choices }) => [
    label,
    choices.map(({ phrase }) => phrase),
  ]);

test('each technique offers the values of its first option', () => {
  const all = new Map(phrases('MatMul').map(([label, choices]) => [label, choices]));
  expect(all.get('Magnitude pruning')).toEqual(['50 % pruned', '2:4', '4:8']);
  expect(all.get('Low rank (SVD)')).toEqual(expect.any(Array));
  expect(all.get('Round to nearest')).toEqual(['int2 block 32', 'int4 block 32', 'int8 block 32']);
  expect(all.get('Store as fp16')).toEqual(['fp16']);
  expect(phrases('LSTM').map(([label]) => label)).not.toContain('Low rank (SVD)');
  expect(phrases('Softmax')).toEqual([]);
});

test('what takes the weights now lends its other options, and is marked', () => {
  const now = { technique: 'rtn', options: { bits: 4, blockSize: 64, symmetric: false } } as const;
  const rtn = overrideChoices(new Set(['MatMul']), [now]).find(
    ({ label }) => label === 'Round to nearest',
  );
  expect(rtn?.choices.map(({ phrase, isCurrent }) => [phrase, isCurrent])).toEqual([
    ['int2 block 64', false],
    ['int4 block 64', true],
    ['int8 block 64', false],
  ]);
  expect(rtn?.choices[2]?.options).toEqual({ bits: 8, blockSize: 64, symmetric: false });
});

test('no two choices of a technique are called alike', () => {
  const operators = ['MatMul', 'Gemm', 'Conv', 'Gather', 'LSTM'];
  for (const [label, choices] of operators.flatMap((op) => phrases(op))) {
    expect(new Set(choices).size, String(label)).toBe(choices?.length);
  }
});

const place = (
  row: EncodingRow,
  dims: readonly number[],
  channelAxis: number,
): OverridePlaces['places'][number] => ({
  ...{ row, shape: shapeByAxis(dims, channelAxis) },
  ...{ groups: 1, valueType: 'float32', isSeen: true },
});

const rtnChoices = (
  at: OverridePlaces['places'][number],
  blockSize: number | 'channel',
  target: TargetId,
) =>
  overrideChoices(new Set([at.row]), [{ technique: 'rtn', options: { bits: 8, blockSize } }], {
    ...{ places: [at], target },
  })
    .find(({ technique }) => technique === 'rtn')
    ?.choices.map(({ phrase, isCurrent, obstacle }) => [phrase, isCurrent, obstacle]);

test('what no kernel of the target has is replaced by what it takes, or says why not', () => {
  const rtn = (blockSize: number | 'channel', target: TargetId) =>
    rtnChoices(place('MatMul', [384, 1536], 1), blockSize, target);
  expect(rtn(32, 'wasm')).toEqual([
    ['int2 block 32', false, null],
    ['int4 block 32', false, null],
    ['int8 per channel', true, null],
  ]);
  expect(rtn('channel', 'webgpu')?.at(-1)).toEqual([
    'int8 per channel',
    true,
    expect.stringContaining('block'),
  ]);
});

test('a Gemm and a Conv are judged as they lie', () => {
  const gemm = place('Gemm', [1536, 384], 0);
  expect(rtnChoices(gemm, 32, 'wasm')?.at(-1)?.[0]).toBe('int8 per channel');
  const conv = place('Conv', [32, 16, 3, 3], 0);
  for (const target of ['wasm', 'webgpu', 'native'] as const) {
    expect(rtnChoices(conv, 32, target)).toEqual([
      ['int2 block 32', false, expect.stringContaining('DequantizeLinear has 2 bits')],
      ['int4 block 32', false, null],
      ['int8 per channel', true, null],
    ]);
  }
  const turned = place('ConvTranspose', [16, 32, 3, 3], 1);
  expect(rtnChoices(turned, 32, 'wasm')?.[1]?.[0]).toBe('int4 per channel');
});
