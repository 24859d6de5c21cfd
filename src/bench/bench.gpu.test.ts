import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS } from '../core/backend.ts';
import { NO_READOUT } from '../dataset/readout.ts';
import { type Feeds, NO_ROWS, type Rows } from '../dataset/rows.ts';
import { FidelityMeter } from './fidelity.ts';
import { measureLatency } from './latency.ts';
import { configureRuntime, exclusively, runtimeThreads } from './ort.ts';
import { floatsOf, type Outputs } from './outputs.ts';
import { measurePlacement } from './placement.ts';
import { scoreRows } from './score.ts';
import { createSession, type Session } from './session.ts';
import { matMulModel, type TinyModel, tinyOnnx } from './testing/tiny-onnx.ts';
import { noiseFloor, runForTruth, TruthMeter } from './truth-check.ts';

const DIMS = [16, 4] as const;
const ANSWER = { name: 'logits', logits: true };
const READOUT = { ...NO_READOUT, answer: ANSWER };
const never = () => new AbortController().signal;

/** Small integers, so that every backend's sums are exact. */
const weights = Array.from({ length: 64 }, (_, index) => ((index * 7) % 11) - 5);
const inputOf = (row: number) =>
  Float32Array.from({ length: 16 }, (_, index) => ((row + 3) * (index + 1)) % 9);
const feedsOf = (row: number): Feeds => ({
  x: { dtype: 'float32', dims: [1, 16], data: inputOf(row) },
});
const expectedOf = (row: number) =>
  Array.from({ length: 4 }, (_, column) =>
    inputOf(row).reduce((sum, x, index) => sum + x * (weights[index * 4 + column] ?? 0), 0),
  );
const rightClass = (row: number) => expectedOf(row).indexOf(Math.max(...expectedOf(row)));
const rowsOf = (count: number): Rows => ({
  ...NO_ROWS,
  count,
  feeds: feedsOf,
  // Every third label is wrong on purpose.
  label: (row) => (rightClass(row) + (row % 3 === 0 ? 1 : 0)) % 4,
});

const right = tinyOnnx(matMulModel(weights, DIMS));
const wrong = tinyOnnx(matMulModel(weights.toReversed(), DIMS));

const valuesOf = (outputs: Outputs) => {
  const output = outputs['logits'];
  return output ? Array.from(floatsOf(output) ?? []) : [];
};

describe.each(BACKENDS)('%s', (backend) => {
  let session: Session;
  beforeAll(async () => {
    session = await createSession(right, backend);
  });
  afterAll(() => session.release());

  test('computes the product and says how long opening took', async () => {
    expect(session.outputNames).toEqual(['logits']);
    expect(session.sessionMs).toBeGreaterThan(0);
    for (const row of [0, 1, 7]) {
      expect(valuesOf(await session.run(feedsOf(row)))).toEqual(expectedOf(row));
    }
  });

  test('overlapping calls are served one after another', async () => {
    const other = createSession(new Blob([right]), backend);
    const runs = Array.from({ length: 6 }, (_, row) => session.run(feedsOf(row)));
    const late = other.then((opened) => opened.run(feedsOf(9)));
    const results = await Promise.all([...runs, late]);
    expect(results.map(valuesOf)).toEqual([0, 1, 2, 3, 4, 5, 9].map(expectedOf));
    await (await other).release();
  });

  test('takes weights from a file beside the model', async () => {
    const model = tinyOnnx(matMulModel(weights, DIMS, 'w.data'));
    const bytes = new Blob([Float32Array.from(weights)]);
    const opened = await createSession(model, backend, {
      externalFiles: [{ path: 'w.data', bytes }],
    });
    expect(valuesOf(await opened.run(feedsOf(2)))).toEqual(expectedOf(2));
    await opened.release();
  });

  test('refuses what it cannot open with a reason, and works on', async () => {
    const float8: TinyModel = {
      opset: 19,
      inputs: [['x', 'float32', [-1, 4]]],
      outputs: [['y', 'float32']],
      nodes: [
        ['DequantizeLinear', ['W', 's'], ['w']],
        ['MatMul', ['x', 'w'], ['y']],
      ],
      tensors: [
        { name: 'W', dtype: 'float8e4m3fn', dims: [4, 4], data: new Uint8Array(16).fill(0x38) },
        { name: 's', dtype: 'float32', dims: [], data: Float32Array.of(1) },
      ],
    };
    const opening = createSession(tinyOnnx(float8), backend);
    if (backend === 'webgpu') {
      await expect(opening).rejects.toMatchObject({
        code: 'runtime-failed',
        message: expect.stringMatching(/could not open the session on .*(float8|no kernel)/),
      });
    } else {
      // The plain build has the kernels that the one with WebGPU lacks.
      const opened = await opening;
      const ones = { dtype: 'float32', dims: [1, 4], data: new Float32Array(4).fill(1) } as const;
      const { y } = await opened.run({ x: ones });
      expect(y?.data).toEqual(new Float32Array(4).fill(4));
      await opened.release();
    }
    await expect(createSession(new Uint8Array(40), backend)).rejects.toMatchObject({
      code: 'runtime-failed',
    });
    await expect(
      session.run({ x: { dtype: 'float32', dims: [1, 3], data: new Float32Array(3) } }),
    ).rejects.toMatchObject({ code: 'runtime-failed' });
    expect(valuesOf(await session.run(feedsOf(1)))).toEqual(expectedOf(1));
  });

  test('scores rows with the intervals growing, against a baseline', async () => {
    const rows = rowsOf(30);
    const grown: number[] = [];
    const wanted = Array.from({ length: 30 }, (_, row) => rows.label(row) ?? -1);
    const given = wanted.map((label, row) => (row % 3 !== 0 && row !== 1 ? label : -1));
    const baseline = { task: 'classes', given, wanted } as const;
    const scores = await scoreRows({
      session,
      rows,
      readout: READOUT,
      task: 'classes',
      baseline,
      signal: never(),
      onRow: ({ accuracy }) => grown.push(accuracy?.rows ?? 0),
    });
    expect(grown).toEqual(Array.from({ length: 30 }, (_, row) => row + 1));
    expect(scores.answers).toEqual(Array.from({ length: 30 }, (_, row) => rightClass(row)));
    expect(scores.accuracy).toMatchObject({ backend, rows: 30, correct: 20, value: 2 / 3 });
    expect(scores.accuracy?.difference?.value).toBeCloseTo(1 / 30, 12);
    expect(scores.stopped).toBe(false);
  });

  test('cancel rejects, stop keeps the rows so far', async () => {
    const rows = rowsOf(1000);
    const cancel = new AbortController();
    const cancelled = scoreRows({
      session,
      rows,
      readout: READOUT,
      task: 'classes',
      baseline: null,
      signal: cancel.signal,
      onRow: ({ index }) => index === 4 && setTimeout(() => cancel.abort()),
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    const stop = new AbortController();
    const scores = await scoreRows({
      session,
      rows,
      readout: READOUT,
      task: 'classes',
      baseline: null,
      signal: never(),
      stop: stop.signal,
      onRow: ({ index }) => index === 9 && stop.abort(),
    });
    expect(scores).toMatchObject({ rows: 10, stopped: true, accuracy: { rows: 10 } });
  });

  test('times both models in turn with a paired interval', async () => {
    const other = await createSession(wrong, backend);
    const outcome = await measureLatency({
      baseline: () => session.time(feedsOf(0)),
      run: () => other.time(feedsOf(0)),
      warmUp: 2,
      repetitions: 12,
      input: '1 × 16',
      threads: 1,
      signal: never(),
    });
    await other.release();
    if (outcome.kind !== 'measured') throw new Error(outcome.reason);
    expect(outcome.baseline).toMatchObject({ warmUp: 2, repetitions: 12, ratio: null });
    expect(outcome.baseline.p50Ms).toBeGreaterThan(0);
    const { ratio } = outcome.run ?? {};
    expect(ratio?.median).toBeGreaterThanOrEqual(ratio?.interval.low ?? Infinity);
    expect(ratio?.median).toBeLessThanOrEqual(ratio?.interval.high ?? 0);
  });

  test('truth check passes the same file and catches a wrong one', async () => {
    const wasm = await createSession(right, 'wasm');
    const bad = await createSession(wrong, backend);
    const original: Outputs[] = [];
    const rows = rowsOf(40);
    await runForTruth(wasm, rows, never(), (_, outputs) => original.push(outputs));
    expect(original).toHaveLength(40);
    const verdicts = [];
    for (const candidate of [session, bad]) {
      const meter = new TruthMeter(ANSWER);
      const fidelity = new FidelityMeter(READOUT);
      await runForTruth(candidate, rows, never(), (row, outputs) => {
        meter.add(original[row] ?? {}, outputs, null);
        fidelity.add(original[row] ?? {}, outputs);
      });
      verdicts.push({
        truth: meter.result(noiseFloor([]), 'wasm'),
        fidelity: fidelity.result(backend),
      });
    }
    expect(verdicts[0]).toMatchObject({
      truth: { verdict: 'agrees', rows: 40, sameAnswers: 40, cosine: 1, failure: null },
      fidelity: { top1Agreement: 1, klMean: 0, differingRows: 0 },
    });
    expect(verdicts[1]?.truth.verdict).toBe('fails');
    expect(verdicts[1]?.truth.failure).toContain("too far from the original's");
    await bad.release();
    await wasm.release();
  });
});

describe('placement', () => {
  const dynamicInt8 = tinyOnnx({
    inputs: [['x', 'float32', [-1, 16]]],
    outputs: [['logits', 'float32']],
    nodes: [
      ['Relu', ['x'], ['r']],
      ['DynamicQuantizeLinear', ['r'], ['q', 's', 'z']],
      ['MatMulInteger', ['q', 'W', 'z'], ['i']],
      ['Cast', ['i'], ['f']],
      ['Mul', ['f', 's'], ['m']],
      ['Softmax', ['m'], ['logits']],
    ],
    tensors: [{ name: 'W', dtype: 'int8', dims: [16, 4], data: Int8Array.from(weights) }],
  });

  test('names the operators that fall to the CPU in a WebGPU session', async () => {
    const placement = await measurePlacement(dynamicInt8, 'webgpu', feedsOf(0));
    expect(placement.onCpu).toBeGreaterThan(0);
    expect(placement.onCpu).toBeLessThan(placement.total);
    const operators = placement.cpuOperators.map(({ op }) => op).join(' ');
    expect(operators).toMatch(/DynamicQuantize|MatMulInteger/);
  });

  test('a float product runs wholly on the GPU', async () => {
    expect(await measurePlacement(right, 'webgpu', feedsOf(0))).toEqual({
      total: 1,
      onCpu: 0,
      cpuOperators: [],
    });
  });

  test('counts operators on WASM, where none can fall', async () => {
    const placement = await measurePlacement(dynamicInt8, 'wasm', feedsOf(0));
    expect(placement.total).toBeGreaterThan(2);
    expect(placement.onCpu).toBe(0);
  });
});

test('a session can share a device of ours', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  if (!device) throw new Error('no device');
  const session = await createSession(right, 'webgpu', { device });
  expect(valuesOf(await session.run(feedsOf(5)))).toEqual(expectedOf(5));
  await session.release();
});

test('float16 on a GPU without it is refused before opening', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter?.features.has('shader-f16')).toBe(false); // SwiftShader has none
  await expect(createSession(right, 'webgpu', { needsFloat16: true })).rejects.toMatchObject({
    code: 'runtime-failed',
    message: expect.stringContaining('shader-f16'),
  });
});

test('queued tasks never overlap, and the queue goes on after one that fails', async () => {
  let active = 0;
  const order: number[] = [];
  const tasks = Array.from({ length: 5 }, (_, index) =>
    exclusively(async () => {
      expect(++active).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5 - index));
      active--;
      order.push(index);
      if (index === 1) throw new Error('broken');
    }),
  );
  const results = await Promise.allSettled(tasks);
  expect(results.map(({ status }) => status === 'rejected')).toEqual(
    [0, 1, 2, 3, 4].map((index) => index === 1),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

test('threads are fixed once the runtime has started', () => {
  configureRuntime({ threads: runtimeThreads() });
  expect(() => configureRuntime({ threads: runtimeThreads() + 1 })).toThrow(/threads already/);
});
