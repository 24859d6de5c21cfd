import { describe, expect, test } from 'vitest';
import { NO_READOUT } from '../dataset/readout.ts';
import { Closeness, IDENTICAL_SQNR_DB } from './closeness.ts';
import { divergence, FidelityMeter } from './fidelity.ts';
import { ANSWER, outputsOf } from './testing/outputs.ts';

describe('fidelity', () => {
  test('cosine and SQNR over all rows concatenated', () => {
    const meter = new FidelityMeter({ ...NO_READOUT, answer: ANSWER });
    meter.add(outputsOf(3, 0), outputsOf(3, 1));
    meter.add(outputsOf(0, 4), outputsOf(0, 4));
    const { cosine, sqnrDb, rows } = meter.result('wasm') ?? {};
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
    const meter = new FidelityMeter({ ...NO_READOUT, answer: ANSWER });
    meter.add(outputsOf(0, Math.log(3)), outputsOf(0, 0));
    meter.add(outputsOf(1, 2), outputsOf(1, 2));
    const fidelity = meter.result('webgpu');
    expect(fidelity?.klMean).toBeCloseTo(kl / 2, 7);
    expect(fidelity).toMatchObject({ backend: 'webgpu', top1Agreement: 0.5, differingRows: 1 });
  });

  test('outputs that are no choice have cosine and SQNR only', () => {
    const meter = new FidelityMeter(NO_READOUT);
    meter.add(outputsOf(1, 2), outputsOf(1, 2));
    expect(meter.result('wasm')).toEqual({
      backend: 'wasm',
      rows: 1,
      cosine: 1,
      sqnrDb: IDENTICAL_SQNR_DB,
      klMean: null,
      klInterval: null,
      top1Agreement: null,
      differingRows: null,
      pairSpearman: null,
    });
  });

  test('every figure stays a JSON number, whatever the run gives', () => {
    for (const broken of [NaN, Infinity, -Infinity]) {
      const meter = new FidelityMeter({ ...NO_READOUT, answer: ANSWER });
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
