import { describe, expect, test } from 'vitest';
import { NO_ROWS, type Rows } from '../dataset/rows.ts';
import type { WeightRow } from '../report/report.ts';
import type { Outputs } from './outputs.ts';
import { ANSWER, outputsOf } from './testing/outputs.ts';
import { noiseFloor, runForTruth, TruthMeter, withLatency } from './truth-check.ts';

const never = new AbortController().signal;

const weightOf = (bitsPerWeight: number, sqnrDb: number | null): WeightRow => ({
  name: 'w',
  label: 'w',
  op: 'MatMul',
  dims: [4, 4],
  technique: 'rtn',
  encoding: 'x',
  bitsPerWeight,
  bytesBefore: 64,
  bytesAfter: 8,
  sqnrDb,
  maxAbsError: 0,
  reason: null,
  failed: false,
});

describe('truth check', () => {
  const meterOf = (rows: readonly (readonly [Outputs, Outputs, Outputs | null])[]) => {
    const meter = new TruthMeter(ANSWER);
    for (const [original, run, other] of rows) meter.add(original, run, other);
    return meter;
  };
  const a = outputsOf(1, 2);

  test('the floor: at most 0.9 from 8 bits on, 0.6 below, lower as the noise adds up', () => {
    expect(noiseFloor([])).toBe(0.9);
    expect(noiseFloor([weightOf(8.5, 45)])).toBe(0.9);
    expect(noiseFloor([weightOf(8.5, 45), weightOf(4.5, 20)])).toBe(0.6);
    const noisy = Array.from({ length: 40 }, () => weightOf(2.5, 8));
    expect(noiseFloor(noisy)).toBeCloseTo(1 / Math.sqrt(1 + 4 * 40 * 10 ** -0.8), 12);
    const alone = { ...weightOf(4, 0), reason: 'failed', failed: true };
    expect(noiseFloor([weightOf(8.5, 45), alone])).toBe(0.9);
    const dropped = { ...weightOf(0, null), bytesAfter: 0 };
    expect(noiseFloor([weightOf(8.5, 45), dropped])).toBe(0.6);
    expect(noiseFloor([weightOf(8.5, 45), weightOf(32, null)])).toBe(0.9);
  });

  test('fails where something is not finite and the original is', () => {
    const truth = meterOf([[a, outputsOf(1, NaN), null]]).result(0.1, 'wasm');
    expect(truth).toMatchObject({ verdict: 'fails', rows: 1 });
    expect(truth.failure).toBe("1 output values are not finite where the original's are.");
    const both = meterOf([[outputsOf(1, Infinity), outputsOf(1, Infinity), null]]);
    expect(both.result(0.1, 'wasm').verdict).toBe('agrees');
  });

  test('fails below the floor', () => {
    const meter = meterOf([[outputsOf(1, 0), outputsOf(1, 2), null]]);
    expect(meter.result(0.4, 'wasm').verdict).toBe('agrees'); // cosine 1/√5 = 0.447
    expect(meter.result(0.5, 'wasm')).toMatchObject({ verdict: 'fails', largestDifference: 2 });
  });

  test('fails if the same bytes elsewhere give another cosine', () => {
    const truth = meterOf([[a, a, outputsOf(1, 2.5)]]).result(0.1, 'webgpu');
    expect(truth).toMatchObject({ verdict: 'fails', differsFrom: 'webgpu' });
    expect(truth.failure).toMatch(
      /^Its outputs there are not those that it gives on WebGPU \(cosine of the two 0\.99\d\d, at least 0\.999 expected; 0 of 1 rows answered otherwise, at most 1 allowed\)\.$/,
    );
    const rounding = meterOf([[a, a, outputsOf(1, 2.5)]]).result(0.1, 'webgpu', true);
    expect(rounding.failure).toMatch(/allowed\)\. The file rounds its inputs to 8 bits as it runs/);
    const far = meterOf([[a, outputsOf(1, -2), a]]).result(0.1, 'webgpu');
    expect(far.failure).toMatch(/too far from the original/);
    expect(far).not.toHaveProperty('differsFrom');
  });

  test.each([
    [16, 1, 'agrees'],
    [16, 2, 'fails'],
    [199, 2, 'fails'],
    [200, 2, 'agrees'],
    [200, 3, 'fails'],
  ])('of %i rows with %i other answers: %s', (rows, misses, verdict) => {
    // The other answer wins by a hair, so that the cosine stays above 0.999.
    const meter = meterOf(
      Array.from({ length: rows }, (_, row) => [
        outputsOf(2, 2.001),
        outputsOf(2, 2.001),
        row < misses ? outputsOf(2.001, 2) : outputsOf(2, 2.001),
      ]),
    );
    expect(meter.result(0.1, 'wasm').verdict).toBe(verdict);
  });

  test.each([
    ['ties are no other answers', 2.001, 100, 'agrees'],
    ['1 % of positions may answer otherwise', 2.2, 1, 'agrees'],
    ['more may not', 2.2, 3, 'fails'],
  ])('of rows with answers at 10 positions, %s', (_, high, misses, verdict) => {
    const positions = (swapped: boolean): Outputs => ({
      logits: {
        dtype: 'float32',
        dims: [1, 10, 2],
        data: Float32Array.from({ length: 20 }, (_, at) =>
          // The first position is swapped; e⁰·² to 1 are 55 and 45 %.
          (at === 0) === !swapped || (at > 1 && at % 2 === 0) ? high : 2,
        ),
      },
    });
    const meter = meterOf(
      Array.from({ length: 20 }, (_, row) => [
        positions(false),
        positions(row < misses),
        positions(false),
      ]),
    );
    const truth = meter.result(0.1, 'wasm');
    expect(truth.verdict).toBe(verdict);
    expect(truth).toMatchObject({ rows: 20, answers: 200 });
    expect(truth.sameAnswers).toBe(200 - Math.min(misses, 20));
    if (verdict === 'fails')
      expect(truth.failure).toContain('(3 of 200 positions answered otherwise');
  });

  test('counts same answers against the original', () => {
    const meter = meterOf([
      [a, a, null],
      [a, outputsOf(2, 1.9), null],
    ]);
    expect(meter.result(0.1, 'wasm')).toMatchObject({ rows: 2, sameAnswers: 1 });
  });

  test('slow is said only of a check that agrees and an interval above 1', () => {
    const truth = meterOf([[a, a, null]]).result(0.1, 'wasm');
    const latency = (low: number) => ({
      ...{
        warmUp: 1,
        repetitions: 9,
        p50Ms: low + 0.1,
        p95Ms: 1,
        meanMs: 1,
        input: '',
        threads: 1,
      },
      ratio: { median: low + 0.1, interval: { low, high: low + 0.2 }, originalP50Ms: 1 },
    });
    expect(withLatency(truth, latency(1.01)).verdict).toBe('agrees-slow');
    expect(withLatency(truth, latency(0.95)).verdict).toBe('agrees');
    expect(withLatency({ ...truth, verdict: 'fails' }, latency(2)).verdict).toBe('fails');
  });

  test('runs at least 16 rows however slow, and no more than the budget', async () => {
    const rows: Rows = { ...NO_ROWS, count: 40, feeds: () => ({}) };
    const session = { run: async () => a };
    let seen = 0;
    expect(await runForTruth(session, rows, never, () => seen++, 0)).toBe(16);
    expect(seen).toBe(16);
    expect(await runForTruth(session, { ...rows, count: 5 }, never, () => seen++, 0)).toBe(5);
    expect(await runForTruth(session, rows, never, () => seen++)).toBe(40);
  });
});
