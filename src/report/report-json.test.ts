import { expect, test } from 'vitest';
import { StudioError } from '../core/studio-error.ts';
import { parseReport, reportToJson } from './report-json.ts';
import { BASELINE, RUN } from './testing/runs.ts';

test.each([BASELINE, RUN])(
  '$name comes back equal from its file, infinite figures too',
  (report) => {
    expect(parseReport(JSON.parse(reportToJson(report)))).toEqual(report);
  },
);

test('NaN of a broken run survives', () => {
  if (!RUN.fidelity) throw new Error('the fixture has fidelity');
  const broken = { ...RUN, fidelity: { ...RUN.fidelity, cosine: Number.NaN } };
  expect(parseReport(JSON.parse(reportToJson(broken)))).toEqual(broken);
});

test('a weight without elements has no bits, also where an earlier version divided by none', () => {
  const [weight] = RUN.weights;
  if (!weight) throw new Error('the fixture has a weight');
  const empty = { ...weight, dims: [0], bytesBefore: 0, bytesAfter: 0, bitsPerWeight: Number.NaN };
  const earlier = { ...RUN, weights: [empty] };
  const { weights } = parseReport(JSON.parse(reportToJson(earlier)));
  expect(weights[0]?.bitsPerWeight).toBe(0);
});

/** As it stands in the file: an infinite figure is a name there. */
const JSON_RUN: typeof RUN = JSON.parse(reportToJson(RUN));

const refused: readonly [name: string, json: unknown, path: string, message: string][] = [
  ['nothing', null, 'format', 'another file'],
  ['a recipe', { format: 'whittle-recipe' }, 'format', 'another file'],
  ['a newer report', { ...JSON_RUN, version: 2 }, 'version', 'from a newer Whittle'],
  ['a version as text', { ...JSON_RUN, version: '1' }, 'version', 'refused'],
  ['a missing field', { ...JSON_RUN, output: undefined }, 'output', 'refused'],
  [
    'a share over 1',
    { ...JSON_RUN, accuracy: { ...RUN.accuracy, value: 1.5 } },
    'accuracy.value',
    '1',
  ],
  [
    'a negative size',
    { ...JSON_RUN, output: { ...RUN.output, byteLength: -1 } },
    'output.byteLength',
    '0',
  ],
  [
    'an infinite size',
    { ...JSON_RUN, output: { ...RUN.output, byteLength: Number.POSITIVE_INFINITY } },
    'output.byteLength',
    '',
  ],
  ['a bad hash', { ...JSON_RUN, model: { ...RUN.model, sha256: 'x' } }, 'model.sha256', 'SHA-256'],
  [
    'an unknown backend',
    { ...JSON_RUN, fidelity: { ...RUN.fidelity, backend: 'cuda' } },
    'fidelity.backend',
    'cuda',
  ],
  [
    'a bad recipe',
    { ...JSON_RUN, recipe: { ...RUN.recipe, target: 'toaster' } },
    'recipe',
    'Allowed: webgpu, wasm',
  ],
  [
    'a bad weight',
    { ...JSON_RUN, weights: [JSON_RUN.weights[0], { name: 'x' }] },
    'weights.1.label',
    'refused',
  ],
  ['a long name', { ...JSON_RUN, name: 'x'.repeat(5000) }, 'name', '4096'],
  ['too many warnings', { ...JSON_RUN, warnings: Array(10_001).fill('') }, 'warnings', '10000'],
  ['a date in words', { ...JSON_RUN, startedAt: 'yesterday' }, 'startedAt', 'yesterday'],
];

test.each(refused)('%s is refused with its path', (_name, json, path, message) => {
  try {
    parseReport(json);
    expect.unreachable('it was read');
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    expect(error.code).toBe('bad-report');
    expect(error.detail?.path).toBe(path);
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(700);
  }
});

test('a report of a language model comes back, an infinite perplexity too', () => {
  const accuracy = {
    metric: 'perplexity',
    ...{ backend: 'wasm' as const, rows: 66, correct: null },
    ...{ value: Number.POSITIVE_INFINITY, interval: null, difference: null },
    also: [{ metric: 'next-token-top1', value: 0.3, interval: null, difference: null }],
  } as const;
  const report = { ...RUN, accuracy };
  expect(parseReport(JSON.parse(reportToJson(report)))).toEqual(report);
});

test('a report from before there were several metrics is read', () => {
  const { also: _, ...accuracy } = JSON_RUN.accuracy ?? {};
  const { pairSpearman: __, ...fidelity } = JSON_RUN.fidelity ?? {};
  const { output: ___, otherOutputs: ____, ...dataset } = JSON_RUN.dataset ?? {};
  const read = parseReport({ ...JSON_RUN, accuracy, fidelity, dataset });
  expect(read.accuracy).toEqual({ ...RUN.accuracy, also: [] });
  expect(read.fidelity).toEqual(RUN.fidelity);
  expect(read.dataset).toEqual({ ...RUN.dataset, output: null, otherOutputs: [] });
});

test('keys that this version does not know are dropped', () => {
  expect(parseReport({ ...JSON_RUN, mood: 'good' })).toEqual(RUN);
});
