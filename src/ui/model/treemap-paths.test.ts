import { expect, test } from 'vitest';
import { presetRecipe } from '../../recipe/presets.ts';
import { model, plan } from '../../state/testing/minilm.ts';
import { treemapLayout } from './treemap-layout.ts';
import { cellAt, outlines, treemapPaths } from './treemap-paths.ts';
import { weightStates } from './weight-state.ts';

const recipe = presetRecipe('close', 'webgpu');
const sources = { plan: plan(recipe), recipe, done: new Map(), running: false };
const groups = treemapLayout(model.weights, 368, 203);
const paints = (view: 'original' | 'planned' | 'now', running = false) =>
  treemapPaths(groups, weightStates(model.weights, { ...sources, view, running }));

/** Square pixels of all rectangles of a path. */
const area = (path = ''): number =>
  [...path.matchAll(/h([\d.]+)v([\d.]+)/g)].reduce(
    (sum, [, w, h]) => sum + Number(w) * Number(h),
    0,
  );
const total = (all: ReturnType<typeof paints>, part: 'tint' | 'solid') =>
  all.reduce((sum, paint) => sum + area(paint[part]), 0);

test('whatever the number of weights, there are as many paths as colours', () => {
  expect(
    paints('planned')
      .map(({ colour }) => colour)
      .toSorted(),
  ).toEqual(['plain', 'q4', 'q8']);
});

test('the solid part is what stays: all, what is planned, nothing yet', () => {
  const original = paints('original');
  expect(total(original, 'solid')).toBeCloseTo(total(original, 'tint'), 0);
  const planned = paints('planned');
  const { byteLength } = plan(recipe);
  const share = total(planned, 'solid') / total(planned, 'tint');
  expect(share).toBeCloseTo(byteLength / model.byteLength, 1);
  const waiting = paints('now', true);
  expect(total(waiting, 'solid')).toBeLessThan(total(planned, 'solid') / 20);
});

test('a point finds its cell, and a chosen weight its outline', () => {
  const states = weightStates(model.weights, { ...sources, view: 'planned' });
  const cell = cellAt(groups, 20, 100);
  const [index = -1] = cell?.item.members ?? [];
  expect(model.weights[index]?.name).toBe('embeddings.word_embeddings.weight');
  expect(cellAt(groups, -1, 5)).toBeNull();
  const line = outlines(groups, states, (name) => name.includes('word_embeddings'));
  expect(line.match(/M/g)).toHaveLength(1);
  expect(outlines(groups, states, () => false)).toBe('');
});
