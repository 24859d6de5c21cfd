import { describe, expect, test } from 'vitest';
import { NO_READOUT } from '../dataset/readout.ts';
import type { TokenPlaces } from '../dataset/rows.ts';
import { alignOutputs } from './align-outputs.ts';
import { FidelityMeter } from './fidelity.ts';
import type { OutputTensor } from './outputs.ts';
import { TruthMeter } from './truth-check.ts';

/** Element i is i, so that what is taken can be read. */
const counted = (...dims: number[]): OutputTensor => ({
  ...{ dtype: 'float32', dims },
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => at),
});
/** Three tokens, the second of which falls to two. */
const PLACES: TokenPlaces = { ends: [0, 2, 3], originalLength: 3, length: 4 };

const aligned = (original: OutputTensor, run: OutputTensor, places = PLACES) => {
  const both = alignOutputs({ out: original }, { out: run }, ['out'], places);
  return [both.original['out'], both.run['out']];
};

describe('outputs of a run with its own tokens', () => {
  test('are compared at the places that both have', () => {
    const [original, run] = aligned(counted(1, 3, 2), counted(1, 4, 2));
    expect(original).toEqual(counted(1, 3, 2));
    expect(run).toEqual({ ...counted(1, 3, 2), data: Float32Array.of(0, 1, 4, 5, 6, 7) });
  });

  test('leave out a token across a place', () => {
    const places = { ends: [-1, 1], originalLength: 2, length: 2 };
    const [original, run] = aligned(counted(1, 2, 2), counted(1, 2, 2), places);
    expect(original?.data).toEqual(Float32Array.of(2, 3));
    expect(run?.data).toEqual(Float32Array.of(2, 3));
  });

  test('have tokens along any axis, padding left out', () => {
    const places = { ends: [0, 2], originalLength: 5, length: 5 };
    const [original, run] = aligned(counted(1, 2, 5, 1), counted(1, 2, 5, 1), places);
    expect(original?.data).toEqual(Float32Array.of(0, 1, 5, 6));
    expect(run?.data).toEqual(Float32Array.of(0, 2, 5, 7));
  });

  test('are as they are where none are along an axis', () => {
    const [original, run] = [counted(1, 6), counted(1, 6)];
    expect(aligned(original, run)).toEqual([original, run]);
  });

  test.each([
    ['from token to token', counted(1, 3, 3), counted(1, 4, 4)],
    ['from token to token, as many', counted(1, 2, 3, 3), counted(1, 2, 3, 3)],
    ['of other widths', counted(1, 3, 2), counted(1, 4, 5)],
  ])('are left out: %s', (_name, original, run) => {
    const places = { ...PLACES, length: run.dims.length === 4 ? 3 : 4 };
    expect(aligned(original, run, places)).toEqual([undefined, undefined]);
  });

  test('are those that are read: caches turn with the position', () => {
    const [original, run] = [
      { out: counted(1, 6), past: counted(1, 3) },
      { out: counted(1, 6), past: counted(1, 4) },
    ];
    expect(alignOutputs(original, run, ['out'], PLACES)).toEqual({
      ...{ original: { out: counted(1, 6) }, run: { out: counted(1, 6) } },
    });
  });

  test('are no likeness where none can be compared', () => {
    const meter = new FidelityMeter({ ...NO_READOUT, others: ['out'] });
    meter.add({ out: counted(1, 3, 2) }, { out: counted(1, 4, 5) }, {}, PLACES);
    expect(meter.result('wasm')).toBeNull();
  });
});

describe('logits over the run’s own tokens', () => {
  const answer = { name: 'out', logits: true };
  const readout = { ...NO_READOUT, answer };
  const logits = { name: 'out', originalIds: [0, 2] };
  /** Of three tokens and three positions; the run has the first and the last of the tokens. */
  const original = {
    out: { ...counted(1, 3, 3), data: Float32Array.of(9, 1, 2, 3, 4, 5, 6, 7, 9) },
  };
  const same = { out: { ...counted(1, 4, 2), data: Float32Array.of(9, 2, 0, 0, 3, 5, 6, 9) } };

  test('are compared with those of the same tokens', () => {
    const meter = new FidelityMeter(readout, logits);
    meter.add(original, same, {}, PLACES);
    expect(meter.result('wasm')).toMatchObject({ cosine: 1, klMean: 0, top1Agreement: 1, rows: 1 });
  });

  test('are those of the original, where it is given the same', () => {
    const truth = new TruthMeter(answer, logits);
    const run = { out: { ...counted(1, 3, 2), data: Float32Array.of(9, 2, 3, 5, 6, 9) } };
    truth.add(original, run, run);
    expect(truth.result(0.9, 'wasm')).toMatchObject({
      ...{ verdict: 'agrees', cosine: 1, answers: 3, sameAnswers: 3 },
    });
  });

  test('miss a token that the original would have chosen and the run has not', () => {
    const middle = { out: { ...original.out, data: Float32Array.of(2, 9, 1, 3, 9, 5, 6, 7, 9) } };
    const run = { out: { ...same.out, data: Float32Array.of(2, 1, 0, 0, 3, 5, 6, 9) } };
    const meter = new FidelityMeter(readout, logits);
    meter.add(middle, run, {}, PLACES);
    expect(meter.result('wasm')).toMatchObject({ klMean: 0, top1Agreement: 1 / 3 });
  });

  test('that are others are found to be', () => {
    const other = { out: { ...same.out, data: Float32Array.of(2, 9, 0, 0, 3, 5, 9, 6) } };
    const meter = new FidelityMeter(readout, logits);
    meter.add(original, other, {}, PLACES);
    const fidelity = meter.result('wasm');
    expect(fidelity?.top1Agreement).toBeCloseTo(1 / 3, 12);
    expect(fidelity?.klMean).toBeGreaterThan(1);
  });
});

test('an embedding is of all tokens of each, whether or not they are the same', () => {
  const embedding = { name: 'out', perToken: true, mask: 'mask' };
  const vectors = (...first: number[]) =>
    Float32Array.from(first.flatMap((value) => [value, 1 - value]));
  const mask = (...data: number[]) => ({
    mask: { dtype: 'int32' as const, dims: [1, data.length], data: Int32Array.from(data) },
  });
  const meter = new FidelityMeter({ ...NO_READOUT, embedding });
  const places = { ends: [0, 2], originalLength: 4, length: 4 };
  for (const [original, run] of [
    [vectors(1, 1, 7, 7), vectors(1, 1, 1, 7)],
    [vectors(0, 1, 7, 7), vectors(0, 0.5, 1, 7)],
    [vectors(1, 0, 7, 7), vectors(1, 0.5, 0, 7)],
    [vectors(0, 0, 7, 7), vectors(0, 0, 0, 7)],
  ] as const) {
    meter.add(
      { out: { ...counted(1, 4, 2), data: original } },
      { out: { ...counted(1, 4, 2), data: run } },
      mask(1, 1, 1, 0),
      places,
    );
  }
  // The padding's 7 would turn every vector; without it the pairs are as alike as before.
  expect(meter.result('wasm')).toMatchObject({ rows: 4, cosine: expect.closeTo(1, 0) });
});
