import { expect, test } from 'vitest';
import { presetRecipe } from '../recipe/presets.ts';
import type { RunReport } from './report.ts';
import { BASELINE, measuredOtherwise, RUN } from './testing/runs.ts';
import { verdict, verdictText } from './verdict.ts';

const text = (run: RunReport) => verdictText(verdict(run, BASELINE));
const TRUTH = RUN.measurements[1]?.truth ?? null;

test('the sentence of a measured run', () => {
  expect(text(RUN)).toBe(
    '6.6× smaller, 1.9× faster on WASM, −0.4 pt accuracy (95 % CI ±0.9, within noise), ' +
      'same answers on 97.8 % of 1,068 rows.',
  );
  const strong = verdict(RUN, BASELINE).filter((part) => part.strong);
  expect(strong.map((part) => part.text)).toEqual([
    '6.6× smaller',
    '1.9× faster on WASM',
    '−0.4 pt',
    '97.8 %',
  ]);
});

test('the original says its own figures, with its own interval', () => {
  expect(text(BASELINE)).toBe(
    'The original: 90.9 MB, 84.0 % accuracy (95 % CI ±2.2) on 1,068 rows.',
  );
});

test('slower is said plainly, for the target of the run', () => {
  expect(text({ ...RUN, recipe: presetRecipe('close', 'webgpu') })).toContain(
    ', 3.1× slower on WebGPU, ',
  );
});

test('a time ratio whose interval holds 1 is within noise', () => {
  const latency = RUN.measurements[0]?.latency;
  if (!latency) throw new Error('the fixture has a latency');
  const ratio = { median: 0.97, interval: { low: 0.9, high: 1.02 }, originalP50Ms: 15.5 };
  expect(text(measuredOtherwise('wasm', { latency: { ...latency, ratio } }))).toContain(
    ', as fast on WASM (within noise), ',
  );
});

test('a loss outside its interval is not called noise, and lopsided intervals are written out', () => {
  if (!RUN.accuracy) throw new Error('the fixture has an accuracy');
  const difference = { value: -0.041, interval: { low: -0.061, high: -0.025 } };
  expect(text({ ...RUN, accuracy: { ...RUN.accuracy, difference } })).toMatch(
    /^−4\.1 pt accuracy \(95 % CI −6\.1 to −2\.5\), 6\.6× smaller, /,
  );
});

test('a loss beyond noise stands out, and says what to try', () => {
  if (!RUN.accuracy || !RUN.recipe) throw new Error('the fixture has an accuracy and a recipe');
  const difference = { value: -0.09, interval: { low: -0.11, high: -0.07 } };
  const lost = { ...RUN, accuracy: { ...RUN.accuracy, difference } };
  const parts = verdict(lost, BASELINE);
  expect(parts.filter(({ tone }) => tone === 'bad').map((part) => part.text)).toEqual([
    '−9.0 pt',
    ' Worse accuracy than the original, beyond noise.',
  ]);
  expect(verdictText(parts)).toMatch(
    /Which of the 2 steps costs it is not measured: switch one off, or relax it, and compress again\.$/,
  );
  const recipe = { ...RUN.recipe, steps: RUN.recipe.steps.slice(0, 1) };
  expect(text({ ...lost, recipe })).toMatch(/Relax Round to nearest: it is the only step\.$/);
  expect(text(RUN)).not.toContain('Worse');
});

test('a software adapter that was not timed is told apart from what was not measured', () => {
  const untimed = measuredOtherwise('wasm', { latency: null, untimed: 'software adapter' });
  expect(text(untimed)).toContain(', not timed on WASM (software adapter), ');
});

test('a failed truth check comes before everything on the target, and after it elsewhere', () => {
  if (!TRUTH) throw new Error('the fixture has a truth check');
  const truth = { ...TRUTH, verdict: 'fails', failure: '12 of 64 outputs are not finite' } as const;
  expect(text(measuredOtherwise('wasm', { truth }))).toMatch(
    /^Wrong on WASM: 12 of 64 outputs are not finite\. 6\.6× smaller, /,
  );
  expect(text(measuredOtherwise('wasm', { truth: { ...truth, failure: null } }))).toMatch(
    /^Wrong on WASM: outputs disagree/,
  );
  const elsewhere = measuredOtherwise('webgpu', { truth });
  expect(text(elsewhere)).toMatch(
    /^6\.6× .* rows\. Wrong on WebGPU, which it was not made for: 12 of 64 outputs are not finite\.$/,
  );
  expect(verdict(elsewhere, BASELINE).filter(({ tone }) => tone === 'bad')).toHaveLength(1);
});

test('a loss leads from a point on, and a perplexity from a twentieth on', () => {
  const { accuracy } = RUN;
  if (!accuracy) throw new Error('the fixture has an accuracy');
  const lost = (value: number, difference: number, metric: 'accuracy' | 'perplexity') => {
    const interval = { low: difference - 0.001, high: difference + 0.001 };
    return text({
      ...RUN,
      accuracy: { ...accuracy, metric, value, difference: { value: difference, interval } },
    });
  };
  expect(lost(0.83, -0.009, 'accuracy')).toMatch(/^6\.6× smaller/);
  expect(lost(0.83, -0.012, 'accuracy')).toMatch(/^−1\.2 pt accuracy/);
  expect(lost(33.2, 0.4, 'perplexity')).toMatch(/^6\.6× smaller/);
  expect(lost(36, 3, 'perplexity')).toMatch(/^ppl 36\.00/);
});

test('a difference of part of the rows says of how many', () => {
  const dataset = RUN.dataset && { ...RUN.dataset, rows: 399, given: 1068 };
  expect(text({ ...RUN, dataset })).toContain(
    'within noise) on the 399 of 1,068 rows that were scored, same answers',
  );
});

test('a speed whose pairs differ much says between what', () => {
  const latency = RUN.measurements[0]?.latency;
  if (!latency) throw new Error('the fixture has a latency');
  const ratio = { median: 0.57, interval: { low: 0.4, high: 0.8 }, originalP50Ms: 26.3 };
  expect(text(measuredOtherwise('wasm', { latency: { ...latency, ratio } }))).toContain(
    '1.8× faster on WASM (95 % CI ×1.3 to ×2.5), ',
  );
});

test('what differs only where the run is not to be used stands after the figures', () => {
  if (!TRUTH) throw new Error('the fixture has a truth check');
  const failure = 'It gives other outputs than on WASM (cosine of the two 0.9984)';
  const truth = { ...TRUTH, verdict: 'fails', failure, differsFrom: 'wasm' } as const;
  const differs = measuredOtherwise('webgpu', { truth });
  expect(text(differs)).toMatch(
    /^6\.6× smaller, .* of 1,068 rows\. Differs on WebGPU, which it was not made for: It gives other outputs than on WASM \(cosine of the two 0\.9984\)\.$/,
  );
  expect(verdict(differs, BASELINE).find(({ tone }) => tone === 'bad')?.text).toMatch(/Differs/);
  expect(text({ ...differs, recipe: presetRecipe('close', 'webgpu') })).toMatch(
    /^Wrong on WebGPU: It gives other outputs than on WASM/,
  );
});

test('a backend that did not run is named with its reason', () => {
  const failed = measuredOtherwise('wasm', {
    failure: 'out of memory.',
    latency: null,
    truth: null,
  });
  expect(text(failed)).toMatch(
    /^Failed on WASM: out of memory\. 6\.6× smaller, latency on WASM not measured, /,
  );
});

test('what was not measured says so', () => {
  const bare = { ...RUN, measurements: [], accuracy: null, fidelity: null };
  expect(text(bare)).toBe(
    '6.6× smaller, latency on WASM not measured, accuracy not measured, fidelity not measured.',
  );
});

test('synthetic inputs give fidelity only', () => {
  if (!RUN.dataset || !RUN.fidelity) throw new Error('the fixture has data');
  const synthetic: RunReport = {
    ...RUN,
    accuracy: null,
    dataset: { ...RUN.dataset, kind: 'synthetic' },
    fidelity: { ...RUN.fidelity, rows: 16, top1Agreement: null, differingRows: null },
  };
  expect(text(synthetic)).toContain(
    'accuracy not measured (synthetic inputs), cosine 0.99371 to the original on 16 rows.',
  );
});

test('a language model is told by its perplexity, where lower is better', () => {
  const accuracy = {
    metric: 'perplexity',
    ...{ backend: 'wasm' as const, rows: 66, correct: null, value: 33.22 },
    ...{ interval: { low: 30, high: 36 }, also: [] },
    difference: { value: 0.41, interval: { low: 0.3, high: 0.52 } },
  } as const;
  expect(text({ ...RUN, accuracy })).toContain(', ppl 33.22 (+0.41) (95 % CI ±0.11), ');
  const baseline = { ...BASELINE, accuracy: { ...accuracy, difference: null, interval: null } };
  expect(text(baseline)).toBe('The original: 90.9 MB, ppl 33.22 on 66 windows.');
});

test('a model too big to run says what it needs instead of figures', () => {
  const skipped = 'needs about 9.6 GB; the runtime has 4.3 GB here';
  const run = measuredOtherwise('wasm', { skipped, latency: null, truth: null });
  expect(text(run)).toBe(
    '6.6× smaller, not measured: needs about 9.6 GB; the runtime has 4.3 GB here.',
  );
});

test('rounding does not hide the last row that differs', () => {
  if (!RUN.fidelity) throw new Error('the fixture has fidelity');
  const fidelity = { ...RUN.fidelity, rows: 5000, top1Agreement: 4999 / 5000, differingRows: 1 };
  expect(text({ ...RUN, fidelity })).toContain('same answers on 4,999 of 5,000 rows.');
  const all = { ...fidelity, top1Agreement: 1, differingRows: 0 };
  expect(text({ ...RUN, fidelity: all })).toContain('same answers on 100.0 % of 5,000 rows.');
});

test('a larger output, a software adapter and failed weights are said', () => {
  const output = { ...RUN.output, byteLength: 100_000_000 };
  expect(text({ ...RUN, output })).toMatch(/^1\.1× larger, /);
  expect(text(measuredOtherwise('wasm', { software: true }))).toContain(
    '1.9× faster on WASM (software adapter), ',
  );
  const weights = RUN.weights.map((weight) => ({ ...weight, failed: true }));
  expect(text({ ...RUN, partial: true, weights })).toMatch(
    / Partial: 2 weights failed and stayed as they were\.$/,
  );
});
