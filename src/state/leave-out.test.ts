import { expect, test } from 'vitest';
import { presetRecipe } from '../recipe/presets.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { withEnabled } from '../recipe/steps.ts';
import type { Accuracy } from '../report/report.ts';
import { leaveOut, leftOutSteps } from './leave-out.ts';
import type { Run } from './run.ts';
import { openedStudio } from './testing/open-studio.ts';

const recipe = presetRecipe('close', 'wasm');

const accuracy = (low: number, high: number): Accuracy => ({
  ...{ metric: 'accuracy', value: 0.8, interval: null, rows: 500, also: [] },
  ...{ backend: 'wasm', correct: null },
  difference: { value: (low + high) / 2, interval: { low, high } },
});

async function withRun(of: Recipe, difference: Accuracy | null) {
  const it = await openedStudio();
  const [baseline] = it.session().runs;
  if (!baseline) throw new Error('no baseline');
  const run: Run = { ...baseline, id: 'one', kind: 'run', recipe: of, accuracy: difference };
  return { ...it, run };
}

test('a run that lost accuracy may be made again without each of its steps', async () => {
  const { run, studio, session } = await withRun(recipe, accuracy(-0.1, -0.05));
  const ways = leftOutSteps(run, [run]);
  expect(ways.map(({ step, run: made }) => [step, made])).toEqual([
    [0, null],
    [1, null],
  ]);
  const [first] = ways;
  if (!first) throw new Error('no way');
  leaveOut(studio, first);
  expect(session().recipe.steps.map(({ enabled = true }) => enabled)).toEqual([false, true]);
  expect(session().recipe.name).not.toBe(recipe.name);
  const made: Run = { ...run, id: 'two', recipe: session().recipe };
  expect(leftOutSteps(run, [run, made])[0]?.run?.id).toBe('two');
});

test.each([
  ['lost nothing beyond noise', recipe, accuracy(-0.1, 0.01)],
  ['was not scored', recipe, null],
  ['has one step that is on', withEnabled(recipe, 0, false), accuracy(-0.1, -0.05)],
])('nothing is offered of a run that %s', async (_, of, difference) => {
  const { run } = await withRun(of, difference);
  expect(leftOutSteps(run, [run])).toEqual([]);
});
