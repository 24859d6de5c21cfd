import { describe, expect, test } from 'vitest';
import type { Rows } from '../dataset/rows.ts';
import type { WeightRow } from '../report/report.ts';
import { answerOutputOf, answersOf } from './answers.ts';
import { Closeness, IDENTICAL_SQNR_DB } from './closeness.ts';
import { divergence, FidelityMeter } from './fidelity.ts';
import { tooBigToRun } from './heap.ts';
import { measureLatency } from './latency.ts';
import type { Outputs } from './outputs.ts';
import { runtimeError } from './runtime-error.ts';
import { noiseFloor, runForTruth, TruthMeter, withLatency } from './truth-check.ts';

const outputsOf = (...values: number[]): Outputs => ({
  logits: { dtype: 'float32', dims: [1, values.length], data: Float32Array.from(values) },
});
const ANSWER = { name: 'logits', logits: true };
const never = new AbortController().signal;

describe('answers', () => {
  test('are the first largest value along the last axis, as numpy.argmax gives', () => {
    const data = Float32Array.of(1, 3, 3, 9, 2, 9);
    expect(answersOf({ dtype: 'float32', dims: [1, 2, 3], data })).toEqual(Int32Array.of(1, 0));
    expect(answersOf({ dtype: 'float32', dims: [1, 2], data: Float32Array.of(NaN, 1) })).toEqual(
      Int32Array.of(-1),
    );
    const low = Float32Array.of(-Infinity, -Infinity, -5);
    expect(answersOf({ dtype: 'float32', dims: [1, 3], data: low })).toEqual(Int32Array.of(2));
  });

  test('come from float16 bits too', () => {
    const data = Uint16Array.of(0x3c00, 0xc000, 0x4000); // 1, −2, 2
    expect(answersOf({ dtype: 'float16', dims: [1, 3], data })).toEqual(Int32Array.of(2));
  });

  test.each([
    ['logits', ['batch', 2], 0, { name: 'logits', logits: true }],
    ['probabilities', ['batch', 2], 0, { name: 'probabilities', logits: false }],
    ['output', ['batch', 10], 10, { name: 'output', logits: true }],
    ['sentence_embedding', ['batch', 384], 10, null],
  ])('of output %s', (name, dims, labels, expected) => {
    expect(answerOutputOf([{ name, dtype: 'float32', dims }], labels)).toEqual(expected);
  });
});

describe('fidelity', () => {
  test('cosine and SQNR over all rows concatenated', () => {
    const meter = new FidelityMeter(ANSWER);
    meter.add(outputsOf(3, 0), outputsOf(3, 1));
    meter.add(outputsOf(0, 4), outputsOf(0, 4));
    const { cosine, sqnrDb, rows } = meter.result('wasm');
    expect(rows).toBe(2);
    expect(cosine).toBeCloseTo(25 / (5 * Math.sqrt(26)), 12);
    expect(sqnrDb).toBeCloseTo(10 * Math.log10(25 / 1), 12);
  });

  test('KL of softmax in nats, agreement and differing rows', () => {
    // softmax(ln 1, ln 3) = (¼, ¾); softmax(0, 0) = (½, ½)
    const quarter = Float32Array.of(0, Math.log(3));
    const kl = 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5);
    expect(divergence(quarter, Float32Array.of(0, 0))).toBeCloseTo(kl, 7);
    expect(
      divergence(
        quarter,
        quarter.map((value) => value + 50),
      ),
    ).toBeCloseTo(0, 6);
    const meter = new FidelityMeter(ANSWER);
    meter.add(outputsOf(0, Math.log(3)), outputsOf(0, 0));
    meter.add(outputsOf(1, 2), outputsOf(1, 2));
    const fidelity = meter.result('webgpu');
    expect(fidelity.klMean).toBeCloseTo(kl / 2, 7);
    expect(fidelity).toMatchObject({ backend: 'webgpu', top1Agreement: 0.5, differingRows: 1 });
  });

  test('outputs that are no choice have cosine and SQNR only', () => {
    const meter = new FidelityMeter(null);
    meter.add(outputsOf(1, 2), outputsOf(1, 2));
    expect(meter.result('wasm')).toEqual({
      backend: 'wasm',
      rows: 1,
      cosine: 1,
      sqnrDb: IDENTICAL_SQNR_DB,
      klMean: null,
      top1Agreement: null,
      differingRows: null,
    });
  });

  test('every figure stays a JSON number, whatever the run gives', () => {
    for (const broken of [NaN, Infinity, -Infinity]) {
      const meter = new FidelityMeter(ANSWER);
      meter.add(outputsOf(1, 2), outputsOf(broken, broken));
      const fidelity = meter.result('wasm');
      expect(JSON.parse(JSON.stringify(fidelity))).toEqual(fidelity);
      expect(fidelity).toMatchObject({ cosine: 0, klMean: null, top1Agreement: 0 });
    }
  });

  test('what the original does not give finite is left out', () => {
    const closeness = new Closeness();
    closeness.add(outputsOf(-Infinity, 2), outputsOf(-Infinity, 2));
    expect(closeness).toMatchObject({ cosine: 1, brokenCount: 0, largestDifference: 0 });
  });
});

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
  });

  test('fails where something is not finite and the original is', () => {
    const truth = meterOf([[a, outputsOf(1, NaN), null]]).result(0.1, 'WASM');
    expect(truth).toMatchObject({ verdict: 'fails', rows: 1 });
    expect(truth.failure).toBe("1 output values are not finite where the original's are.");
    const both = meterOf([[outputsOf(1, Infinity), outputsOf(1, Infinity), null]]);
    expect(both.result(0.1, 'WASM').verdict).toBe('agrees');
  });

  test('fails below the floor', () => {
    const meter = meterOf([[outputsOf(1, 0), outputsOf(1, 2), null]]);
    expect(meter.result(0.4, 'WASM').verdict).toBe('agrees'); // cosine 1/√5 = 0.447
    expect(meter.result(0.5, 'WASM')).toMatchObject({ verdict: 'fails', largestDifference: 2 });
  });

  test('fails if the same bytes elsewhere give another cosine', () => {
    const truth = meterOf([[a, a, outputsOf(1, 2.5)]]).result(0.1, 'WebGPU');
    expect(truth.verdict).toBe('fails');
    expect(truth.failure).toMatch(/^The same file on WebGPU gives other outputs \(cosine 0\.99/);
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
    expect(meter.result(0.1, 'WASM').verdict).toBe(verdict);
  });

  test('counts same answers against the original', () => {
    const meter = meterOf([
      [a, a, null],
      [a, outputsOf(2, 1.9), null],
    ]);
    expect(meter.result(0.1, 'WASM')).toMatchObject({ rows: 2, sameAnswers: 1 });
  });

  test('slow is said only of a check that agrees and an interval above 1', () => {
    const truth = meterOf([[a, a, null]]).result(0.1, 'WASM');
    const latency = (low: number) => ({
      ...{ warmUp: 1, repetitions: 9, p50Ms: 1, p95Ms: 1, meanMs: 1, input: '', threads: 1 },
      ratio: { median: low + 0.1, interval: { low, high: low + 0.2 } },
    });
    expect(withLatency(truth, latency(1.01)).verdict).toBe('agrees-slow');
    expect(withLatency(truth, latency(0.95)).verdict).toBe('agrees');
    expect(withLatency({ ...truth, verdict: 'fails' }, latency(2)).verdict).toBe('fails');
  });

  test('runs at least 16 rows however slow, and no more than the budget', async () => {
    const rows: Rows = { count: 40, feeds: () => ({}), label: () => null, text: () => null };
    const session = { run: async () => a };
    let seen = 0;
    expect(await runForTruth(session, rows, never, () => seen++, 0)).toBe(16);
    expect(seen).toBe(16);
    expect(await runForTruth(session, { ...rows, count: 5 }, never, () => seen++, 0)).toBe(5);
    expect(await runForTruth(session, rows, never, () => seen++)).toBe(40);
  });
});

describe('latency', () => {
  const request = {
    warmUp: 2,
    repetitions: 20,
    input: '1 × 32 tokens',
    threads: 1,
    signal: never,
  };

  test('runs A B A B and leaves the warm-up out', async () => {
    const order: string[] = [];
    const timer = (name: string, scale: number) => {
      let calls = 0;
      return async () => {
        order.push(name);
        calls++;
        return calls <= 2 ? 1e6 : scale * calls;
      };
    };
    const outcome = await measureLatency({
      ...request,
      baseline: timer('A', 2),
      run: timer('B', 1),
    });
    expect(order.join('')).toBe('AB'.repeat(22));
    expect(outcome).toMatchObject({
      baseline: { p50Ms: 25, repetitions: 20, warmUp: 2, ratio: null },
      run: { p50Ms: 12.5, meanMs: 12.5, ratio: { median: 0.5, interval: { low: 0.5, high: 0.5 } } },
    });
  });

  test('is discarded when the tab is hidden, even in the middle of a pair', async () => {
    let pairs = 0;
    const outcome = await measureLatency({
      ...request,
      baseline: async () => 1,
      run: async () => ++pairs,
      isVisible: () => pairs < 5,
    });
    expect(outcome).toMatchObject({ kind: 'discarded' });
    expect(pairs).toBe(5);
  });

  test('stops early with what it has; too few pairs give no interval', async () => {
    const stop = new AbortController();
    const outcome = await measureLatency({
      ...request,
      baseline: async () => 2,
      run: async () => 1,
      stop: stop.signal,
      onPair: (done) => done === 5 && stop.abort(),
    });
    expect(outcome).toMatchObject({ run: { repetitions: 3, p50Ms: 1, ratio: null } });
  });

  test('cancels between runs', async () => {
    const cancel = new AbortController();
    let runs = 0;
    const measuring = measureLatency({
      ...request,
      signal: cancel.signal,
      baseline: async () => {
        if (++runs === 3) setTimeout(() => cancel.abort(), 0);
        await new Promise((resolve) => setTimeout(resolve, 2));
        return 1;
      },
      run: null,
    });
    await expect(measuring).rejects.toMatchObject({ name: 'AbortError' });
    expect(runs).toBeLessThan(6);
  });
});

test('runtime errors name the backend and what to do', () => {
  const empty = new Error("Can't create a session. ERROR_CODE: 9, ERROR_MESSAGE: ");
  expect(runtimeError(empty, 'webgpu', 'open the session').message).toContain('float8');
  const f16 = new Error('Program MatMul requires f16 but the device does not support it');
  expect(runtimeError(f16, 'webgpu', 'run a row')).toMatchObject({
    code: 'runtime-failed',
    message: expect.stringContaining('no shader-f16'),
  });
  expect(runtimeError(new Error('The device was lost'), 'webgpu', 'run a row').code).toBe(
    'device-lost',
  );
});

test('a model over the heap is not tried', () => {
  expect(tooBigToRun(90e6, 0)).toBeNull();
  expect(tooBigToRun(1e6, 2e9)).toBeNull();
  expect(tooBigToRun(1e6, 3e9)).toBe('needs about 4.5 GB; the runtime has 4.3 GB here');
  expect(tooBigToRun(1.61e9, 0)).toBe('needs about 6.4 GB; the runtime has 4.3 GB here');
});
