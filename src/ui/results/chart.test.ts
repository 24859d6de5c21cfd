import { expect, test } from 'vitest';
import { AXES, axisOf, betterWords } from '../../report/chart/axes.ts';
import { placeLabels, textWidth } from '../../report/chart/labels.ts';
import { chartPoints, staircase } from '../../report/chart/points.ts';
import { linearScale, logScale } from '../../report/chart/scale.ts';
import { baselineRun, type Run } from '../../state/run.ts';
import { model } from '../../state/testing/minilm.ts';
import { cellSize } from './cell-size.ts';
import { differingWords } from './differing-words.ts';

const baseline = baselineRun(model, new Date(0));
const run = (id: string, megabytes: number, correct: number | null): Run => ({
  ...baseline,
  id,
  name: id,
  kind: 'run',
  output: { files: [], byteLength: megabytes * 1e6, gzipByteLength: null },
  accuracy:
    correct === null
      ? null
      : {
          ...{ metric: 'accuracy', backend: 'wasm', rows: 1000, correct, value: correct / 1000 },
          interval: { low: correct / 1000 - 0.02, high: correct / 1000 + 0.02 },
          difference: { value: -0.004, interval: { low: -0.013, high: 0.005 } },
          also: [],
        },
});
const RUNS = [
  run('a', 90, 840),
  run('b', 20, 838),
  run('c', 14, 830),
  run('d', 23, 820),
  run('e', 5, null),
];

test('points carry the paired interval of the difference, in points', () => {
  const { points, lacking } = chartPoints(RUNS, AXES.size, AXES.accuracy);
  const [a] = points;
  expect(a?.error[0]).toBeCloseTo(0.9, 9);
  expect(a?.error[1]).toBeCloseTo(0.9, 9);
  expect(lacking.map(({ id }) => id)).toEqual(['e']);
  expect(points.filter(({ onFront }) => onFront).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('a run that was scored on fewer rows is marked, and never makes the front', () => {
  const { dataset: _, ...best } = run('f', 10, 990);
  const dataset = {
    ...{ name: 'x.csv', kind: 'labelled' as const, rows: 132, given: 793, batch: 1 },
    ...{ preprocessing: '', output: null, otherOutputs: [] },
  };
  const { points } = chartPoints([...RUNS, { ...best, dataset }], AXES.size, AXES.accuracy);
  expect(points.at(-1)).toMatchObject({ name: 'f, 132 of 793 rows', onFront: false });
  expect(points.filter(({ onFront }) => onFront).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  const onSize = chartPoints([{ ...best, dataset }], AXES.size, AXES.size).points;
  expect(onSize).toMatchObject([{ name: 'f', onFront: true }]);
});

test('the accuracy axis shows the metric of the data, lower or higher better', () => {
  const axis = axisOf('accuracy', 'perplexity');
  const scored = {
    ...baseline,
    accuracy: {
      metric: 'perplexity',
      ...{ backend: 'wasm' as const, rows: 66, correct: null, value: 33.2 },
      ...{ interval: null, also: [] },
      difference: { value: 0.4, interval: { low: 0.3, high: 0.6 } },
    },
  } as const;
  expect(axis).toMatchObject({ label: 'Perplexity', title: 'Perplexity', better: 'low' });
  expect(axis.value(scored)).toBe(33.2);
  expect(axis.words(33.2)).toBe('ppl 33.20');
  expect(axis.error(scored)?.map((side) => side.toFixed(3))).toEqual(['0.100', '0.200']);
  expect(axis.value(RUNS[0] ?? baseline)).toBeNull();
  expect(axisOf('accuracy', 'accuracy')).toBe(AXES.accuracy);
  expect(axisOf('size', 'perplexity')).toBe(AXES.size);
});

test('the front is a staircase from its best point to the edge', () => {
  const { points } = chartPoints(RUNS, AXES.size, AXES.accuracy);
  const path = staircase(
    points,
    'low',
    (x) => x,
    (y) => y,
    100,
  );
  expect(path).toBe('M14 83H20V83.8H90V84H100');
  expect(
    staircase(
      points.slice(0, 1),
      'low',
      (x) => x,
      (y) => y,
      100,
    ),
  ).toBe('');
});

test('an unmeasured figure is lacking, never 0; the original against itself is exact', () => {
  expect(AXES.accuracy.value(baseline)).toBeNull();
  expect(AXES.webgpu.value(baseline)).toBeNull();
  expect(AXES.gzip.value(baseline)).toBeNull();
  expect(AXES.cosine.value(baseline)).toBe(1);
  expect(AXES.kl.value(RUNS[0] ?? baseline)).toBeNull();
});

test('which way is better follows the axes', () => {
  expect(betterWords(AXES.size, AXES.accuracy)).toBe('better: up and left');
  expect(betterWords(AXES.wasm, AXES.kl)).toBe('better: down and left');
});

test('log ticks stand at 1, 2 and 5 within the domain', () => {
  const { low, high, ticks } = logScale([12.1, 90.9]);
  expect(ticks).toEqual([10, 20, 50, 100]);
  expect(low).toBeLessThan(12.1);
  expect(high).toBeGreaterThan(90.9);
  expect(logScale([20]).ticks.length).toBeGreaterThanOrEqual(2);
  expect(logScale([1e-3, 1e6]).ticks.every((tick) => Math.log10(tick) % 1 === 0)).toBe(true);
});

test('percentages are padded to whole points, at most seven ticks, not from zero', () => {
  expect(linearScale([84], { smallestStep: 1 }).ticks).toEqual([81, 82, 83, 84, 85, 86, 87]);
  const { ticks, low } = linearScale([78, 84.6], { smallestStep: 1 });
  expect(ticks.every(Number.isInteger)).toBe(true);
  expect(ticks.length).toBeLessThanOrEqual(7);
  expect(low).toBeGreaterThan(70);
});

test('a scale does not pass what cannot be passed, and has no ticks without values', () => {
  const cosine = linearScale([0.98, 1], { bounds: [-1, 1] });
  expect(cosine.ticks.at(-1)).toBe(1);
  expect(cosine.high).toBeGreaterThan(1); // the marker's half
  expect(linearScale([0, 0.004], { bounds: [0, Number.POSITIVE_INFINITY] }).ticks[0]).toBe(0);
  expect(linearScale([]).ticks).toEqual([]);
});

test('labels do not overlap; what fits nowhere is dropped unless it is bold', () => {
  const area = { left: 0, right: 300, top: 0, bottom: 200 };
  const wish = (id: string, bold: boolean) => ({ id, text: 'int4 block 32', x: 150, y: 100, bold });
  const many = Array.from({ length: 12 }, (_, index) => wish(`w${index}`, false));
  const placed = placeLabels([wish('chosen', true), ...many], area);
  expect(placed.length).toBeLessThan(13);
  expect(placed[0]?.id).toBe('chosen');
  for (const [index, a] of placed.entries()) {
    for (const b of placed.slice(index + 1)) {
      const apart = Math.abs(a.baseline - b.baseline) >= 13 || Math.abs(a.left - b.left) >= 76;
      expect(apart).toBe(true);
    }
  }
});

test('a label keeps off an obstacle, such as the words of the plan', () => {
  const area = { left: 0, right: 300, top: 0, bottom: 200 };
  const wish = { id: 'a', text: 'fp32 baseline', x: 150, y: 100, bold: true };
  const [free] = placeLabels([wish], area);
  const obstacle = { left: 150, right: 300, top: 60, bottom: 140 };
  const [moved] = placeLabels([wish], area, [obstacle]);
  expect(free?.left).toBeGreaterThan(150);
  expect((moved?.left ?? 0) + textWidth(wish.text)).toBeLessThanOrEqual(obstacle.left);
});

test('a long name is whole where it has room, else cut, else dropped', () => {
  const wish = { id: 'a', text: 'x'.repeat(40), short: 'x'.repeat(10), x: 10, y: 100, bold: false };
  const textIn = (right: number) =>
    placeLabels([wish], { left: 0, right, top: 0, bottom: 200 })[0]?.text;
  expect(textIn(300)).toBe(wish.text);
  expect(textIn(150)).toBe(wish.short);
  expect(textIn(40)).toBeUndefined();
});

test('a size in a column headed MB never reads as 0', () => {
  expect(cellSize(355)).toBe('355 B');
  expect(cellSize(1_200)).toBe('0.001');
  expect(cellSize(13_712_898)).toBe('13.7');
});

test('where a row has many answers, the share is said to be of positions', () => {
  expect(differingWords({ top1Agreement: 0.994, differingRows: 6, rows: 1000 })).toBe(
    '6 rows differ',
  );
  expect(differingWords({ top1Agreement: 0.903, differingRows: 32, rows: 32 })).toBe(
    'of positions',
  );
});
