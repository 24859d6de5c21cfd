/** Plans of models without blocks: bytes, bounds, and what is said of them. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isFloat } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import type { Dataset } from '../dataset/opening.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import { blocksOf } from '../plan/blocks/drop-blocks.ts';
import { planRecipe } from '../plan/plan.ts';
import type { Recipe, Step } from '../recipe/recipe.ts';
import { blocksGone, droppedSession } from './dropped-session.ts';
import { summarizePlan } from './plan-summary.ts';
import type { Session } from './sessions.ts';

const SAMPLES = fileURLToPath(new URL('../../public/samples', import.meta.url));

async function sessionOf(name: string): Promise<Session> {
  const blob = await openAsBlob(`${SAMPLES}/${name}/model.onnx`);
  const model = await openOnnx([{ path: 'model.onnx', blob }]);
  return { model, weights: findWeights(model), files: [], mapping: null };
}

const encoder = await sessionOf('sentiment-tiny');
const drop = (options: Step['options'] = {}, where: Step['where'] = {}): Step => ({
  ...{ technique: 'cut-blocks', where, options: { share: 0.5, ...options } },
});
const rowsOf = (count: number) => async () => ({ calibration: { count } }) as unknown as Dataset;

async function planOf(
  session: Session,
  steps: readonly Step[],
  found: readonly number[] | null = null,
  rows = 8,
) {
  const recipe: Recipe = {
    ...{ format: 'whittle-recipe', version: 1, name: 'drop', target: 'wasm', seed: 1 },
    steps,
  };
  const own = await droppedSession(session, recipe, found, rowsOf(rows));
  const { model, weights } = own.session;
  const plan = planRecipe(model, weights, recipe);
  const summary = own.shown(summarizePlan(plan, session.model.byteLength));
  return { session: own.session, summary, said: summary.warnings.map(({ message }) => message) };
}

const parametersOf = ({ model }: Session) =>
  [...model.graph.tensors.values()]
    .filter(({ dtype }) => isFloat(dtype))
    .reduce((sum, { dims }) => sum + elementCount(dims), 0);

/** Nodes, their names, small constants and stated shapes of one layer. */
const MOST_STRUCTURE = 24_000;

test('bytes shrink by the parameters of the block', async () => {
  const { session, summary } = await planOf(encoder, [drop({ score: 'depth' })]);
  expect(summary.exact).toBe(true);
  const removed = parametersOf(encoder) - parametersOf(session);
  const [first] = blocksOf(encoder.model).blocks;
  const own = encoder.weights.filter(
    ({ tensor }) => isFloat(tensor.dtype) && first?.tensors.has(tensor.name),
  );
  expect(removed).toBe(own.reduce((sum, { tensor }) => sum + elementCount(tensor.dims), 0));
  const rest = encoder.model.byteLength - summary.byteLength - 4 * removed;
  expect(rest).toBeGreaterThan(0);
  expect(rest).toBeLessThan(MOST_STRUCTURE);
  const step = { weightCount: own.length, bytesBefore: 4 * removed, bytesAfter: 0 };
  expect(summary.steps).toEqual([step]);
  expect(summary.byteLength).toBe(session.model.byteLength);
});

const AFTER: readonly (readonly [string, readonly Step[]])[] = [
  ['nothing', []],
  ['4 bits', [{ technique: 'rtn', options: { bits: 4 } }]],
  [
    'one layer at 8 bits, one at 4',
    [
      { technique: 'rtn', where: { name: '*layer.1*' }, options: { bits: 8 } },
      { technique: 'rtn', options: { bits: 4 } },
    ],
  ],
  ['fewer neurons', [{ technique: 'cut-neurons', options: { share: 0.5 } }]],
];

test.each(AFTER)('until the rows are asked a size is an upper bound: %s', async (_, after) => {
  const steps = [drop(), ...after];
  const { summary: bound, said } = await planOf(encoder, steps);
  expect(bound.exact).toBe(false);
  expect(said).toContain('1 of 2 blocks go; the calibration rows decide which.');
  const sizes: number[] = [];
  for (const index of [0, 1]) {
    const { summary } = await planOf(encoder, steps, [index]);
    expect(summary.exact).toBe(true);
    expect(summary.byteLength).toBeLessThanOrEqual(bound.byteLength);
    sizes.push(summary.byteLength);
  }
  expect(Math.max(...sizes)).toBe(bound.byteLength);
});

test('without calibration rows blocks go by depth, in sight', async () => {
  const { summary, said, session } = await planOf(encoder, [drop()], null, 0);
  expect(summary.exact).toBe(true);
  expect(said).toEqual([
    '1 of 2 blocks go: 1.',
    'There are no calibration rows to judge blocks by: they go by depth, the last but one first.',
  ]);
  const left = new Set(session.weights.map(({ name }) => name));
  const gone = encoder.weights.flatMap(({ name }) => (left.has(name) ? [] : [name]));
  expect(blocksGone(encoder, gone)).toEqual([0]);
  expect(blocksGone(encoder, [])).toEqual([]);
});

test.each([
  ['digits', drop(), 'No block is dropped. Only one block could be dropped, and one stays.'],
  [
    'sentiment-tiny',
    drop({}, { name: '*pooler*' }),
    'No block is dropped. No blocks that repeat and give back the shape that they are given were found.',
  ],
] as const)('%s stays as it is where nothing can go: %#', async (name, step, why) => {
  const session = await sessionOf(name);
  const { said, summary } = await planOf(session, [step]);
  expect(said).toEqual([why]);
  expect(summary.byteLength).toBe(session.model.byteLength);
});

test.each([
  [0.05, 1],
  [0.95, 1],
])('a share of %f drops a whole block and leaves one', async (share, count) => {
  const { said } = await planOf(encoder, [drop({ share })], null, 0);
  expect(said).toContain(`${count} of 2 blocks go: 1.`);
});
