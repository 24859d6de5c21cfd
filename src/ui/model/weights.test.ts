import { expect, test } from 'vitest';
import { presetRecipe } from '../../recipe/presets.ts';
import { model, plan } from '../../state/testing/minilm.ts';
import { rowsOf } from '../../state/testing/minilm-workers.ts';
import { frontCut, lastParts } from './front-cut.ts';
import { weightColour, weightWords } from './weight-colour.ts';
import { filterStates, sortStates } from './weight-list.ts';
import { weightStates, withoutIds } from './weight-state.ts';

const recipe = presetRecipe('close', 'webgpu');
const sources = { plan: plan(recipe), recipe, done: new Map(), running: false };
const planned = weightStates(model.weights, { ...sources, view: 'planned' });
const first = <T>(list: readonly T[]): T | undefined => list[0];

test('the planned view shows encodings, and why the rest is left alone', () => {
  expect(planned.find(({ weight }) => weight.op === 'MatMul')?.encoding).toBe('int4·32');
  expect(planned.find(({ weight }) => weight.op === 'Add')).toMatchObject({
    encoding: 'fp32',
    reason: 'Biases and LayerNorm: 1-D, kept in fp32',
  });
});

test('while compressing, what is not done yet waits', () => {
  const rows = rowsOf(recipe);
  const done = new Map(rows.slice(0, 1).map((row) => [row.name, row]));
  const now = weightStates(model.weights, { ...sources, view: 'now', done, running: true });
  expect(first(now)).toMatchObject({ pending: false, encoding: 'int8·32', bits: 8 });
  expect(now.find(({ weight }) => weight.op === 'MatMul')).toMatchObject({
    pending: true,
    bits: 32,
  });
});

test('a failed weight says so', () => {
  const done = new Map(
    rowsOf(recipe).map((row) => [row.name, { ...row, failed: true, reason: 'overflow' }]),
  );
  const now = weightStates(model.weights, { ...sources, view: 'now', done });
  expect(first(now)).toMatchObject({ failed: true, reason: 'overflow' });
});

test('the filter finds names, operators, shapes, encodings and reasons', () => {
  const found = (filter: string) => filterStates(planned, filter).length;
  expect(found('')).toBe(planned.length);
  expect(found('layer.0.')).toBe(16);
  expect(found('gather')).toBe(3);
  expect(found('384x1536')).toBe(6);
  expect(found('384 × 1536 layer.5')).toBe(2);
  expect(found('int8')).toBe(2);
  expect(found('under 1,024')).toBe(2);
  expect(found('no such weight')).toBe(0);
});

test('weights sort by name as numbers, by bytes, and without SQNR last', () => {
  const bytes = sortStates(planned, { key: 'bytes', descending: true });
  expect(first(bytes)?.weight.label).toBe('embeddings.word_embeddings');
  const names = sortStates(planned, { key: 'name', descending: false });
  expect(first(names)?.weight.label).toBe('classifier');
  const done = new Map(rowsOf(recipe).map((row) => [row.name, row]));
  const now = weightStates(model.weights, { ...sources, view: 'now', done });
  for (const descending of [true, false]) {
    const sorted = sortStates(now, { key: 'sqnr', descending });
    expect(first(sorted)?.sqnrDb).not.toBeNull();
    expect(sorted.at(-1)?.sqnrDb).toBeNull();
  }
});

test('names are cut at their front, at a dot where one is near', () => {
  expect(frontCut('encoder.layer.0.output.dense', 40)).toBe('encoder.layer.0.output.dense');
  expect(frontCut('encoder.layer.0.output.dense', 22)).toBe('…layer.0.output.dense');
  expect(frontCut('abcdefghijklmnop', 6)).toBe('…lmnop');
});

test('what changes a weight most gives its colour, bits only among the quantized', () => {
  expect(weightColour({ family: 'quantize', bits: 4 })).toBe('q4');
  expect(weightColour({ family: 'quantize', bits: 16 })).toBe('q16');
  expect(weightColour({ family: 'prune', bits: 8 })).toBe('prune');
  expect(weightColour({ family: null, bits: 32 })).toBe('plain');
  expect(weightWords({ family: 'quantize', bits: 16 })).toBe('fp16');
  expect(weightWords({ family: 'factorize', bits: 32 })).toBe('low rank');
});

test.each([
  ['dynamic-uint8 int8·channel', 'int8·channel', 8],
  ['matmul-nbits int4·32', 'int4·32', 4],
  ['blocks-to-uint8 2:4 · int4·32', '2:4 · int4·32', 4],
  ['dense 50 % pruned', '50 % pruned', 32],
  ['dense, matmul-nbits rank 32 · A fp32, B int4·32', 'rank 32 · A fp32, B int4·32', 4],
  ['float16 fp16', 'fp16', 16],
])('%s of a report reads as %s', (encoding, words, bits) => {
  const done = new Map(rowsOf(recipe).map((row) => [row.name, { ...row, encoding }]));
  const now = weightStates(model.weights, { ...sources, view: 'now', done });
  expect(first(now)).toMatchObject({ encoding: words, bits });
});

test('an encoding of several parts keeps the last that fit', () => {
  expect(lastParts('int8·channel', 15)).toBe('int8·channel');
  expect(lastParts('2:4 · int4·32', 15)).toBe('2:4 · int4·32');
  expect(lastParts('50 % pruned · int8·channel', 15)).toBe('…int8·channel');
  expect(lastParts('rank 32 · A fp32, B int4·32', 15)).toBe('…A fp32, B int4·32');
});

test.each([
  ['dynamic-uint8 int8·channel', 'int8·channel'],
  ['int8-rows int8·channel', 'int8·channel'],
  ['float16 fp16', 'fp16'],
  ['int8·channel', 'int8·channel'],
  ['2:4 · int4·32', '2:4 · int4·32'],
])('%s is called %s in the table', (encoding, words) => {
  expect(withoutIds(encoding)).toBe(words);
});
