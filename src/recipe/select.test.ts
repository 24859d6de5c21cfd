import { describe, expect, test } from 'vitest';
import { presetRecipe } from './presets.ts';
import type { Recipe, Selector, Step } from './recipe.ts';
import { assignSteps, firstOutOfOrder, matches, type Selectable } from './select.ts';

const weight = (name: string, op: string, elementCount = 4096): Selectable => ({
  name,
  label: name.replace('onnx::', 'encoder.'),
  elementCount,
  uses: [{ op, nodeName: `/bert/${name}/${op}` }],
});

const query = weight('layer.0/query', 'MatMul');
const tied: Selectable = {
  name: 'embed',
  label: 'embed',
  elementCount: 8000,
  uses: [
    { op: 'Gather', nodeName: '/embed/Gather' },
    { op: 'MatMul', nodeName: '/lm_head/MatMul' },
  ],
};

describe('a selector', () => {
  const cases: readonly [Selector | undefined, Selectable, boolean][] = [
    [undefined, query, true],
    [{}, query, true],
    [{ op: 'MatMul' }, query, true],
    [{ op: ['Gemm', 'Gather'] }, query, false],
    [{ op: 'matmul' }, query, false],
    [{ name: 'layer.0*' }, query, true],
    [{ name: 'layer.?' }, query, false],
    [{ name: '*query/MatMul' }, query, true],
    [{ name: 'encoder.*' }, weight('onnx::12', 'MatMul'), true],
    [{ name: 're:^layer\\.\\d/' }, query, true],
    [{ name: 're:^query' }, query, false],
    [{ minElements: 4096 }, query, true],
    [{ minElements: 4097 }, query, false],
    [{ not: { name: '*query*' } }, query, false],
    [{ op: 'MatMul', not: { op: 'Gemm' } }, query, true],
    [{ op: 'Gather' }, tied, true],
    [{ op: 'MatMul' }, tied, true],
    [{ op: 'Gather', not: { op: 'MatMul' } }, tied, false],
    [{ op: 'Gather', name: '/lm_head/*' }, tied, false],
    [{ op: 'MatMul', name: '/lm_head/*' }, tied, true],
    [{ name: 'lonely' }, { ...weight('lonely', ''), uses: [] }, true],
    [{ op: 'MatMul' }, { ...weight('lonely', ''), uses: [] }, false],
  ];
  test.each(cases)('%j on %o: %j', (selector, subject, expected) => {
    expect(matches(selector, subject)).toBe(expected);
  });
});

describe('steps', () => {
  const recipe = (...steps: Step[]): Recipe => ({ ...presetRecipe('close', 'webgpu'), steps });
  const rtn = (where?: Selector): Step =>
    where ? { technique: 'rtn', where, options: {} } : { technique: 'rtn', options: {} };

  test('within a family the first match takes the weight, so an override goes before', () => {
    const steps = recipe(rtn({ name: '*query' }), rtn({ op: 'MatMul' }), rtn());
    const weights = [query, weight('layer.0/key', 'MatMul'), weight('words', 'Gather')];
    expect(assignSteps(steps, weights)).toEqual([[0], [1], [2]]);
  });

  test('an override placed after the general step takes nothing', () => {
    expect(assignSteps(recipe(rtn(), rtn({ name: '*query' })), [query])).toEqual([[0]]);
  });

  test('a weight at no operator of the technique is left alone', () => {
    expect(assignSteps(recipe(rtn()), [weight('kernel', 'Einsum')])).toEqual([[]]);
  });

  test('small weights are left alone unless the step says otherwise', () => {
    const small = weight('small', 'Gemm', 1023);
    expect(assignSteps(recipe(rtn()), [small, weight('enough', 'Gemm', 1024)])).toEqual([[], [0]]);
    expect(assignSteps(recipe(rtn(), rtn({ minElements: 1 })), [small])).toEqual([[1]]);
  });
});

test('families keep their order; quantize and share rank alike', () => {
  expect(firstOutOfOrder([])).toBeNull();
  expect(firstOutOfOrder(['reshape', 'prune', 'prune', 'quantize', 'distill'])).toBeNull();
  expect(firstOutOfOrder(['share', 'quantize', 'share', 'residual'])).toBeNull();
  expect(firstOutOfOrder(['quantize', 'prune'])).toBe(1);
  expect(firstOutOfOrder(['transform', 'residual', 'share'])).toBe(2);
});
