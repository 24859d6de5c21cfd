import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { parseRecipeText } from '../recipe/parse-recipe.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { recipeToJson } from '../recipe/recipe-json.ts';
import { reportsToCsv } from './csv.ts';
import type { RunReport } from './report.ts';
import { BASELINE, measuredOtherwise, RUN } from './testing/runs.ts';

const table = (...runs: RunReport[]) =>
  Papa.parse<Record<string, string>>(reportsToCsv(runs), { header: true, skipEmptyLines: true });

const recipeCell = ({ Recipe = '' }: Record<string, string> = {}) => Recipe;

test('begins with the four columns of the table that people keep', () => {
  const [head, baseline, run, end] = reportsToCsv([BASELINE, RUN]).split('\r\n');
  expect(head).toMatch(/^Method Name,Model Size,Average Inference Time,Accuracy,/);
  expect(baseline).toMatch(/^fp32 baseline,90902856,28\.9,0\.8398876404494382,wasm,/);
  expect(run).toMatch(
    /^int4 block 32 \+ int8 embeddings,13712898,15\.2,0\.836142322097378\d*,wasm,/,
  );
  expect(end).toBe('');
});

test('a standard reader gets every cell back', () => {
  const { data, errors, meta } = table(BASELINE, RUN);
  expect(errors).toEqual([]);
  expect(new Set(meta.fields).size).toBe(meta.fields?.length);
  expect(parseRecipeText(recipeCell(data[1]))).toEqual(RUN.recipe);
  expect(data[1]).toMatchObject({
    'WASM p50 (ms)': '15',
    'WebGPU p95 (ms)': '11.5',
    'Accuracy Difference': String(-4 / 1068),
    'KL Mean': '0.0087',
    'WebGPU Truth Check': 'agrees-slow',
    'WebGPU Software Adapter': 'false',
    'SHA-256': 'cd'.repeat(32),
    Target: 'wasm',
    Preprocessing: 'cut at 64 tokens, no padding',
  });
});

test('what was not measured is empty, never 0', () => {
  const bare: RunReport = {
    ...RUN,
    output: { ...RUN.output, gzipByteLength: null },
    measurements: [],
    accuracy: null,
    fidelity: null,
    dataset: null,
    compressedOn: null,
  };
  const [row = {}] = table(bare).data;
  const filled = Object.entries(row).filter(([, cell]) => cell !== '');
  expect(filled.map(([head]) => head)).toEqual([
    'Method Name',
    'Model Size',
    'Time Backend',
    'Target',
    'Recipe',
    'SHA-256',
    'Model',
    'Model SHA-256',
    'Parameters',
    'Partial',
    'Started At',
  ]);
});

test('a measured 0 is written', () => {
  if (!RUN.accuracy) throw new Error('the fixture has an accuracy');
  const [row = {}] = table({ ...RUN, accuracy: { ...RUN.accuracy, value: 0, correct: 0 } }).data;
  expect(row).toMatchObject({ Accuracy: '0', 'Correct Rows': '0' });
});

test('a language model has its next-token accuracy in the fourth column, and its perplexity', () => {
  const accuracy = {
    metric: 'perplexity',
    ...{ backend: 'wasm' as const, rows: 66, correct: null, value: 32.8 },
    ...{ interval: { low: 30, high: 36 }, difference: null },
    also: [{ metric: 'next-token-top1', value: 0.3, interval: null, difference: null }],
  } as const;
  const [row = {}] = table({ ...RUN, accuracy }).data;
  expect(row).toMatchObject({ Accuracy: '0.3', Perplexity: '32.8', 'Perplexity Low': '30' });
  expect(row).toMatchObject({ 'Correct Rows': '', 'Scored Rows': '66', 'Macro-F1': '' });
});

test('the time of the baseline is taken where the runs beside it have theirs', () => {
  const onGpu = { ...RUN, recipe: presetRecipe('close', 'webgpu') };
  const times = table(BASELINE, onGpu).data.map((row) => row['Average Inference Time']);
  expect(times).toEqual(['10.1', '31']);
});

test('where a software adapter was not timed, the time is that of the other backend', () => {
  const untimed = measuredOtherwise('webgpu', { latency: null, untimed: 'software adapter' });
  const onGpu = { ...untimed, recipe: presetRecipe('close', 'webgpu') };
  const { data } = table(BASELINE, onGpu);
  expect(data[1]).toMatchObject({
    ...{ 'Average Inference Time': '15.2', 'Time Backend': 'wasm' },
    'WebGPU Not Timed': 'software adapter',
  });
  expect(data[0]).toMatchObject({ 'Average Inference Time': '28.9', 'Time Backend': 'wasm' });
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =HYPERLINK("x")', '＝1', '\r\n=1'])(
  'the name %j cannot become a formula',
  (name) => {
    expect(table({ ...RUN, name }).data[0]?.['Method Name']).toBe(`'${name}`);
  },
);

test('names with commas, quotes and line breaks survive; numbers below zero stay numbers', () => {
  const name = 'a, "b"\nc';
  const [row = {}] = table({ ...RUN, name }).data;
  expect(row['Method Name']).toBe(name);
  expect(Number(row['Difference Low'])).toBeCloseTo(-4 / 1068 - 0.009, 12);
});

test('infinite figures are written as data frames read them', () => {
  if (!RUN.fidelity) throw new Error('the fixture has fidelity');
  const fidelity = { ...RUN.fidelity, sqnrDb: Number.POSITIVE_INFINITY, cosine: Number.NaN };
  expect(table({ ...RUN, fidelity }).data[0]).toMatchObject({ 'SQNR (dB)': 'inf', Cosine: 'nan' });
});

test('the recipe stays one line', () => {
  if (!RUN.recipe) throw new Error('the fixture has a recipe');
  expect(recipeCell(table(RUN).data[0])).toBe(JSON.stringify(JSON.parse(recipeToJson(RUN.recipe))));
});
