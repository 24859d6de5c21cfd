import { expect, test } from 'vitest';
import { presetRecipe } from '../../recipe/presets.ts';
import { model, plan } from '../../state/testing/minilm.ts';
import { blockRows, blockRuns, encodingsOf, sortRuns } from './blocks.ts';
import { weightStates } from './weight-state.ts';

const recipe = presetRecipe('close', 'webgpu');
const sources = { plan: plan(recipe), recipe, done: new Map(), running: false };
const states = weightStates(model.weights, { ...sources, view: 'planned' });
const runs = blockRuns(states);
const labels = (all = runs) => all.map(({ label }) => label);
const NONE: ReadonlySet<string> = new Set();

test('layers of the same shapes are one run; the rest stays itself', () => {
  expect(labels()).toEqual(['embeddings', 'positions', 'layer 0…5', 'head']);
  const layers = runs.find(({ label }) => label === 'layer 0…5');
  expect(layers?.blocks.map(({ label }) => label)).toEqual(
    Array.from({ length: 6 }, (_, index) => `layer ${index}`),
  );
  const sum = (bytes: readonly number[]) => bytes.reduce((a, b) => a + b, 0);
  expect(sum(runs.map(({ bytes }) => bytes))).toBe(
    sum(model.weights.map(({ byteLength }) => byteLength)),
  );
  expect(layers?.bytes).toBe(6 * (layers?.blocks[0]?.bytes ?? 0));
  expect(layers?.bytesAfter).toBeLessThan((layers?.bytes ?? 0) / 6);
});

test('a layer of other shapes, or a gap in the numbers, ends a run', () => {
  const other = states.map((state) =>
    state.weight.name === 'encoder.layer.2.output.dense.weight'
      ? { ...state, weight: { ...state.weight, dims: [1536, 385] } }
      : state,
  );
  expect(labels(blockRuns(other))).toEqual([
    ...['embeddings', 'positions', 'layer 0…1', 'layer 2', 'layer 3…5', 'head'],
  ]);
  const without = states.filter(({ weight }) => weight.group !== 'layer 3');
  expect(labels(blockRuns(without))).toContain('layer 0…2');
  expect(labels(blockRuns(without))).toContain('layer 4…5');
});

test('rows open level by level; one block alone has its weights at once', () => {
  expect(blockRows(runs, NONE)).toHaveLength(4);
  const [embeddings, , layers] = runs;
  const open = new Set([embeddings?.key ?? '', layers?.key ?? '', 'block layer 1']);
  const rows = blockRows(runs, open);
  expect(rows.map(({ kind, level }) => `${kind} ${level}`)).toEqual([
    ...['run 1', 'weight 2', 'run 1', 'run 1'],
    ...['block 2', 'block 2', ...Array(16).fill('weight 3')],
    ...['block 2', 'block 2', 'block 2', 'block 2', 'run 1'],
  ]);
});

test('runs sort by bytes before and after, and back to the order of the model', () => {
  expect(labels(sortRuns(runs, 'bytes', true))[0]).toBe('embeddings');
  expect(labels(sortRuns(runs, 'after', false))[0]).not.toBe('embeddings');
  expect(labels(sortRuns(runs, 'order', true))).toEqual(labels().toReversed());
});

test('what is done to a block is named once each, what most weights get first', () => {
  expect(encodingsOf(states).map(({ encoding }) => encoding)).toEqual(['int4·32', 'int8·32']);
  expect(encodingsOf(states.filter(({ weight }) => weight.op === 'Add'))).toEqual([]);
});
