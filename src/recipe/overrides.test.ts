import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { listedTexts, namePatterns } from './name-patterns.ts';
import { overridesOf, withLeftAlone, withOverride, withoutOverride } from './overrides.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { Recipe, Step } from './recipe.ts';
import { recipeToJson } from './recipe-json.ts';
import { assignSteps, compileSelector, type Selectable } from './select.ts';

const weight = (name: string, op = 'MatMul', label = name): Selectable => ({
  ...{ name, label, elementCount: 4096 },
  uses: [{ op, nodeName: `/${label}/${op}` }],
});

const parts = ['query', 'key', 'value', 'output'];
const weights = [
  weight('word_embeddings.weight', 'Gather'),
  ...Array.from({ length: 12 }, (_, layer) =>
    parts.map((part) => weight(`encoder.layer.${layer}.${part}.weight`)),
  ).flat(),
];
const names = weights.map(({ name }) => name);
const recipe = (...steps: readonly Step[]): Recipe => ({
  ...{ format: 'whittle-recipe', version: 1, name: 'test', target: 'webgpu', seed: 1 },
  steps,
});
const general = recipe(
  { technique: 'magnitude', options: {} },
  { technique: 'rtn', where: { op: ['MatMul', 'Gemm'] }, options: { bits: 4 } },
  { technique: 'rtn', options: { bits: 8 } },
);
const INT8 = { technique: 'rtn', options: { bits: 8 } } as const;
const found = (patterns: readonly string[], among = weights) =>
  among.filter((it) => patterns.some((name) => compileSelector({ name })(it))).map((it) => it.name);
const stepsOf = (of: Recipe, name: string) => assignSteps(of, weights)[names.indexOf(name)];
const query3 = 'encoder.layer.3.query.weight';

test('one weight is named as it is, a layer by one glob, others by a list', () => {
  expect(namePatterns([query3], weights)).toEqual([query3]);
  const layer = names.filter((name) => name.includes('.layer.3.'));
  expect(namePatterns(layer, weights)).toEqual(['encoder.layer.3.*']);
  const queries = names.filter((name) => name.includes('query'));
  expect(namePatterns(queries, weights)).toEqual(['*.query.weight']);
  const two = [query3, 'encoder.layer.11.key.weight'];
  const [list = ''] = namePatterns(two, weights);
  expect(list).toBe('re:^encoder\\.layer\\.(?:3\\.query|11\\.key)\\.weight$');
  expect(found([list])).toEqual(two);
});

test.each([
  ['a*b', ['a*b', 'axxb']],
  ['a?b', ['a?b', 'axb']],
  ['re:x', ['re:x', 'x']],
  ['w[0](1)+$^{2}|\\/.', ['w[0](1)+$^{2}|\\/.', 'w0']],
  ['שלום/משקל', ['שלום/משקל', 'שלום']],
  ['layer 👩‍🔬*', ['layer 👩‍🔬*', 'layer 👩‍🔬!']],
])('%s is found alone', (name, all) => {
  const among = all.map((it) => weight(it));
  expect(found(namePatterns([name], among), among)).toEqual([name]);
});

test('a list is read back to its texts, and nothing else is', () => {
  const lists = [[query3], [query3, 'encoder.layer.11.key.weight'], ['a|(b', 'a\\c$'], ['re:x']];
  for (const texts of lists) {
    const among = [...weights, ...texts.map((text) => weight(text))];
    const [pattern = ''] = namePatterns(texts, among);
    expect(listedTexts(pattern)).toEqual(texts);
  }
  for (const other of ['*.key', 'a?', 're:^a', 're:a$', 're:^(?:a|b.)$', 're:^(a|b)$', 're:^a+$']) {
    expect(listedTexts(other), other).toBeNull();
  }
});

test('a label that no other weight has stands for a numbered name', () => {
  const among = [
    weight('onnx::MatMul_7', 'MatMul', 'encoder.layer.0.query'),
    weight('onnx::MatMul_8', 'MatMul', 'encoder.layer.0.key'),
    weight('onnx::MatMul_9', 'MatMul', 'shared'),
    weight('onnx::MatMul_10', 'MatMul', 'shared'),
  ];
  const patterns = (...chosen: string[]) => namePatterns(chosen, among);
  expect(patterns('onnx::MatMul_7')).toEqual(['encoder.layer.0.query']);
  expect(patterns('onnx::MatMul_9')).toEqual(['onnx::MatMul_9']);
  expect(patterns('onnx::MatMul_7', 'onnx::MatMul_8')).toEqual(['encoder.layer.0.*']);
  expect(found(patterns('onnx::MatMul_8', 'onnx::MatMul_10'), among)).toEqual([
    ...['onnx::MatMul_8', 'onnx::MatMul_10'],
  ]);
});

test('names of any length are found by what a recipe can hold of them, or refused by name', () => {
  const long = `${'x'.repeat(600)}`;
  const among = [weight(`${long}.a`), weight(`${long}.b`)];
  for (const { name } of among) {
    const patterns = namePatterns([name], among);
    expect(found(patterns, among)).toEqual([name]);
    expect(patterns.every((it) => it.length <= 500)).toBe(true);
  }
  const alike = [weight(`${long}a${long}`), weight(`${long}b${long}`)];
  expect(() => namePatterns([alike[0]?.name ?? ''], alike)).toThrow(StudioError);
});

test('any choice of many weights is taken exactly, in patterns that recipes read', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 40; round++) {
    const share = random();
    const chosen = names.filter(() => random() < share);
    const patterns = namePatterns(chosen, weights);
    expect(found(patterns)).toEqual(chosen);
    expect(patterns.every((it) => it.length <= 500)).toBe(true);
  }
});

test('an override goes first in its family and takes its weight; the rest stays', () => {
  const { recipe: own, steps } = withOverride(general, INT8, [query3], weights);
  expect(steps).toEqual([1]);
  expect(own.steps[1]).toEqual({ ...INT8, where: { name: query3 } });
  expect(stepsOf(own, query3)).toEqual([0, 1]);
  expect(stepsOf(own, 'encoder.layer.3.key.weight')).toEqual([0, 2]);
  expect(parseRecipe(JSON.parse(recipeToJson(own)))).toEqual(own);
});

test('a second override of a weight replaces the first; others keep theirs', () => {
  const key3 = 'encoder.layer.3.key.weight';
  const first = withOverride(general, INT8, [query3, key3], weights).recipe;
  const bits2 = { technique: 'rtn', options: { bits: 2 } } as const;
  const second = withOverride(first, bits2, [query3], weights).recipe;
  expect(second.steps.map(({ where }) => where?.name)).toEqual([
    ...[undefined, query3, key3],
    ...[undefined, undefined],
  ]);
  expect(overridesOf(second, weights).steps).toEqual(
    new Map([
      [query3, [1]],
      [key3, [2]],
    ]),
  );
  const fp16 = { technique: 'fp16', options: {} } as const;
  const third = withOverride(second, fp16, [query3, key3], weights).recipe;
  expect(third.steps).toHaveLength(4);
  expect(withoutOverride(third, [query3, key3], weights)).toEqual(general);
});

test('a weight that is left alone is an exception of every step that would take it', () => {
  const alone = withLeftAlone(general, [query3], weights);
  expect(stepsOf(alone, query3)).toEqual([]);
  expect(stepsOf(alone, 'encoder.layer.3.key.weight')).toEqual([0, 1]);
  expect(alone.steps.map(({ where }) => where?.not)).toEqual(Array(3).fill({ name: query3 }));
  const both = withLeftAlone(alone, ['word_embeddings.weight'], weights);
  expect(stepsOf(both, query3)).toEqual([]);
  expect(stepsOf(both, 'word_embeddings.weight')).toEqual([]);
  expect(both.steps[1]?.where?.not).toEqual({ name: query3 });
  expect(overridesOf(both, weights).leftAlone).toEqual(new Set(['word_embeddings.weight', query3]));
  expect(withoutOverride(both, [query3, 'word_embeddings.weight'], weights)).toEqual(general);
});

test('leaving alone takes a weight out of its own step, and out of exceptions again', () => {
  const own = withOverride(general, INT8, [query3], weights).recipe;
  const alone = withLeftAlone(own, [query3], weights);
  expect(alone.steps).toHaveLength(3);
  expect(stepsOf(alone, query3)).toEqual([]);
  const again = withOverride(alone, INT8, [query3], weights).recipe;
  expect(stepsOf(again, query3)).toEqual([1]); // pruning still excepts it
  expect(again.steps[2]?.where?.not).toBeUndefined();
});

test("a person's own exceptions stay, joined by name or refused with the step", () => {
  const written = recipe({ technique: 'rtn', where: { not: { name: '*.key.*' } }, options: {} });
  const alone = withLeftAlone(written, [query3, 'encoder.layer.0.output.weight'], weights);
  const [{ where } = {}] = alone.steps;
  const excepted = found([where?.not?.name ?? '']);
  expect(excepted).toContain(query3);
  expect(excepted).toContain('encoder.layer.9.key.weight');
  expect(excepted).toHaveLength(14);
  const byOperator = recipe({ technique: 'rtn', where: { not: { op: 'Gather' } }, options: {} });
  expect(() => withLeftAlone(byOperator, [query3], weights)).toThrow(/^Step 1/);
});
