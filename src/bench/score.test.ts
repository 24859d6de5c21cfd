import { describe, expect, test } from 'vitest';
import { NO_READOUT, type Readout } from '../dataset/readout.ts';
import { NO_ROWS, type Rows } from '../dataset/rows.ts';
import { FidelityMeter } from './fidelity.ts';
import type { Outputs } from './outputs.ts';
import { type ScoreRequest, scoreRows } from './score.ts';
import type { ScoreRecord } from './score-records.ts';

const { signal } = new AbortController();
const floats = (name: string, dims: number[], ...data: number[]): Outputs => ({
  [name]: { dtype: 'float32', dims, data: Float32Array.from(data) },
});

/** Rows whose feeds say which outputs they get. */
const rowsOf = (count: number, rest: Partial<Rows>): Rows => ({
  ...NO_ROWS,
  count,
  feeds: async (row) => ({ row: { dtype: 'int32', dims: [1], data: Int32Array.of(row) } }),
  ...rest,
});
const score = (
  task: ScoreRecord['task'] | null,
  readout: Partial<Readout>,
  rows: Rows,
  outputs: (row: number) => Outputs,
  more: Partial<ScoreRequest> = {},
) =>
  scoreRows({
    session: { backend: 'wasm', run: async ({ row }) => outputs(Number(row?.data[0])) },
    ...{ rows, task, signal, baseline: null, readout: { ...NO_READOUT, ...readout } },
    ...more,
  });
const LOGITS = { answer: { name: 'logits', logits: true } };

describe('next token', () => {
  // Over four tokens: position i gives token (i + 1) mod 4 a logit of ln 3, the others 0, so p = ½.
  const logits = (positions: number) =>
    floats(
      'logits',
      [1, positions, 4],
      ...Array.from({ length: positions * 4 }, (_, at) =>
        at % 4 === (Math.floor(at / 4) + 1) % 4 ? Math.log(3) : 0,
      ),
    );

  test('perplexity is exp of the mean loss over all tokens, the first of a window not predicted', async () => {
    const windows = [
      [0, 1, 2, 3],
      [0, 1],
      [0, 3, 3],
    ];
    const rows = rowsOf(3, { tokens: (row) => windows[row] ?? null });
    const grown: number[] = [];
    const scores = await score(
      'next-token',
      LOGITS,
      rows,
      (row) => logits(windows[row]?.length ?? 0),
      {
        onRow: ({ accuracy }) => grown.push(accuracy?.value ?? 0),
      },
    );
    const [half, sixth] = [-Math.log(1 / 2), -Math.log(1 / 6)];
    const loss = (4 * half + 2 * sixth) / 6;
    expect(scores.accuracy?.value).toBeCloseTo(Math.exp(loss), 6);
    expect(scores.accuracy).toMatchObject({
      ...{ metric: 'perplexity', rows: 3, correct: null, interval: null },
      also: [{ metric: 'next-token-top1', value: 4 / 6 }],
    });
    expect(grown.map((value) => value.toFixed(4))).toEqual([
      (2).toFixed(4),
      (2).toFixed(4),
      Math.exp(loss).toFixed(4),
    ]);
    expect(scores.answers).toBeNull();
  });

  test('own tokens of a run are counted as the original’s that they are pieces of', async () => {
    // The original has 0 | 1 | 2: the run has 0 in two pieces, 1 in two, 2 whole.
    const rows = rowsOf(1, {
      tokens: () => [0, 1, 2, 3, 0],
      places: () => ({ ends: [1, 3, 4], originalLength: 3, length: 5 }),
    });
    const half = -Math.log(1 / 2);
    const right = await score('next-token', LOGITS, rows, () => logits(5));
    // The pieces of the first token are not predicted: three losses for two tokens.
    expect(right.accuracy?.value).toBeCloseTo(Math.exp((3 * half) / 2), 6);
    expect(right.accuracy?.also).toMatchObject([{ value: 1 }]);
    const wrong = { ...rows, tokens: () => [0, 1, 3, 3, 0] };
    const missed = await score('next-token', LOGITS, wrong, () => logits(5));
    const sixth = -Math.log(1 / 6);
    expect(missed.accuracy?.value).toBeCloseTo(Math.exp((half + half + sixth) / 2), 6);
    expect(missed.accuracy?.also).toMatchObject([{ value: 1 / 2 }]);
  });

  test('a token that no own one ends with is no hit, and text beyond the last place is not counted', async () => {
    const rows = rowsOf(1, {
      tokens: () => [0, 1, 2],
      places: () => ({ ends: [0, -1, 2, -1], originalLength: 4, length: 3 }),
    });
    const scores = await score('next-token', LOGITS, rows, () => logits(3));
    expect(scores.accuracy).toMatchObject({ also: [{ value: 0 }] });
    expect(scores.accuracy?.value).toBeCloseTo(2, 6);
  });

  test('a run is compared with the original on the same windows, with intervals from ten on', async () => {
    const rows = rowsOf(12, { tokens: (row) => (row % 2 ? [0, 1] : [0, 3]) });
    const original = await score('next-token', LOGITS, rows, () => logits(2));
    const flat = () => floats('logits', [1, 2, 4], 0, 0, 0, 0, 0, 0, 0, 0);
    const run = await score('next-token', LOGITS, rows, flat, { baseline: original.record });
    expect(run.accuracy?.value).toBeCloseTo(4, 6); // all four alike
    const before = original.accuracy?.value ?? 0;
    expect(before).toBeCloseTo(Math.sqrt(12), 6);
    expect(run.accuracy?.difference?.value).toBeCloseTo(4 - before, 6);
    const { low = 0, high = 0 } = run.accuracy?.difference?.interval ?? {};
    expect(low).toBeLessThan(4 - before);
    expect(high).toBeGreaterThan(4 - before);
    const same = await score('next-token', LOGITS, rows, () => logits(2), {
      baseline: original.record,
    });
    expect(same.accuracy?.difference).toEqual({ value: 0, interval: { low: 0, high: 0 } });
  });

  test('outputs that do not predict every token score nothing', async () => {
    const rows = rowsOf(2, { tokens: () => [0, 1, 2] });
    for (const outputs of [logits(2), floats('logits', [1, 3, 2], 1, 2, 3, 4, 5, 6)]) {
      const { accuracy, record } = await score('next-token', LOGITS, rows, () => outputs);
      expect([accuracy, record]).toEqual([null, null]);
    }
  });

  test('broken logits give a broken perplexity, not a good one', async () => {
    const rows = rowsOf(1, { tokens: () => [0, 1] });
    const broken = floats('logits', [1, 2, 2], Number.NaN, 1, 1, 1);
    expect((await score('next-token', LOGITS, rows, () => broken)).accuracy?.value).toBeNaN();
  });
});

test('classes have macro-F1 beside accuracy', async () => {
  const labels = [0, 0, 1, 2];
  const given = [0, 0, 0, 2];
  const oneHot = (row: number) =>
    floats('logits', [1, 3], ...[0, 1, 2].map((at) => Number(at === given[row])));
  const rows = rowsOf(4, { label: (row) => labels[row] ?? null });
  const { accuracy, answers } = await score('classes', LOGITS, rows, oneHot);
  expect(accuracy).toMatchObject({ metric: 'accuracy', correct: 3, value: 0.75 });
  expect(accuracy?.also[0]?.metric).toBe('macro-f1');
  expect(accuracy?.also[0]?.value).toBeCloseTo(1.8 / 3, 12);
  expect(answers).toEqual(given);
});

test('numbers have Spearman, Pearson and RMSE', async () => {
  const labels = [1, 2, 3, 4];
  const given = [1, 2, 4, 3];
  const rows = rowsOf(4, { label: (row) => labels[row] ?? null });
  const number = (row: number) => floats('logits', [1, 1], given[row] ?? 0);
  const { accuracy, answers } = await score('number', { number: 'logits' }, rows, number);
  expect(answers).toBeNull();
  expect(accuracy?.metric).toBe('spearman');
  expect(accuracy?.value).toBeCloseTo(0.8, 12);
  const also = accuracy?.also.map(({ metric, value }) => [metric, value]) ?? [];
  expect(also.map(([metric]) => metric)).toEqual(['pearson', 'rmse']);
  expect(also[1]?.[1]).toBeCloseTo(Math.sqrt(0.5), 12);
});

describe('embeddings', () => {
  const embedding = { name: 'hidden', perToken: true, mask: 'mask' };
  /** Two tokens and padding; the row's vector is the mean of the two. */
  const hidden = (angle: number) =>
    floats(
      'hidden',
      [1, 3, 2],
      Math.cos(angle),
      Math.sin(angle),
      Math.cos(angle),
      Math.sin(angle),
      9,
      9,
    );
  const feeds = (row: number) => ({
    row: { dtype: 'int32' as const, dims: [1], data: Int32Array.of(row) },
    mask: { dtype: 'int64' as const, dims: [1, 3], data: BigInt64Array.of(1n, 1n, 0n) },
  });

  test('of pairs are judged by Spearman of their cosine against the score', async () => {
    const angles = [0, 0.1, 0, 0.5, 0, 1.5, 0, 1];
    const scores = [5, 4, 0, 1]; // the last two the other way round: ρ = 1 as cosines fall alike
    const rows = rowsOf(8, { feeds, label: (row) => scores[Math.floor(row / 2)] ?? null });
    const outputs = (row: number) => hidden(angles[row] ?? 0);
    const { accuracy } = await score('pairs', { embedding }, rows, outputs);
    expect(accuracy).toMatchObject({ metric: 'spearman', rows: 4, correct: null });
    expect(accuracy?.value).toBeCloseTo(1, 12);
    expect(accuracy?.also[0]?.metric).toBe('pearson');
  });

  test('keep which rows are alike, or not', () => {
    const meter = (noise: number) => {
      const fidelity = new FidelityMeter({ ...NO_READOUT, embedding });
      for (const angle of [0, 0.3, 0.9, 1.4, 2.2]) {
        fidelity.add(
          hidden(angle),
          hidden(noise === 0 ? 2 * angle : noise * Math.sin(7 * angle)),
          feeds(0),
        );
      }
      return fidelity.result('wasm')?.pairSpearman ?? Number.NaN;
    };
    expect(meter(0)).toBeGreaterThan(0.5);
    expect(meter(1)).toBeLessThan(meter(0));
    const few = new FidelityMeter({ ...NO_READOUT, embedding });
    few.add(hidden(1), hidden(1), feeds(0));
    expect(few.result('wasm')?.pairSpearman).toBeNull();
  });
});
