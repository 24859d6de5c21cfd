import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { leastLossOrder } from '../methods/least-loss.ts';
import { Elimination } from './eliminate.ts';
import { dampedMoments } from './input-moments.ts';
import { refit } from './refit.ts';
import { momentsOf, outputChange } from './testing/refitted-layer.ts';

const [K, N, COUNT] = [14, 5, 300];
const damping = 1e-3;
const random = seededRandom(8);

/** Inputs with means and correlations; the last two nearly follow from the first. */
const rows = Array.from({ length: COUNT }, () => {
  const shared = random.normal();
  const row = Array.from({ length: K }, (_, k) => random.normal() * (1 + k / 9) + shared + 0.3);
  row[12] = (row[0] ?? 0) * 2 + random.normal() * 0.01;
  row[13] = (row[1] ?? 0) - (row[2] ?? 0) + random.normal() * 0.01;
  return row;
});
const weights = Float32Array.from({ length: N * K }, () => random.normal());
const moments = momentsOf(rows, K);
const inputs = Array.from({ length: K }, (_, k) => [k]);
const all = inputs.flat();
const without = (gone: readonly number[]) => all.filter((k) => !gone.includes(k));

/** tr(D C Dᵀ) of the change that refitting makes, in the damped moments. */
function lossOf(gone: readonly number[], hasBias: boolean): number {
  const kept = without(gone);
  const C = dampedMoments(moments, all, hasBias, damping);
  // The fit by the same damped moments: what the kept inputs must add for those that go.
  const [left, lost] = [kept.length, gone.length];
  const rowsOf = Array.from({ length: left }, (_, i) => [
    ...kept.map((k) => C[(kept[i] ?? 0) * K + k] ?? 0),
    ...gone.map((k) => C[(kept[i] ?? 0) * K + k] ?? 0),
  ]);
  for (let i = 0; i < left; i++) {
    const pivot = rowsOf[i]?.[i] ?? 1;
    for (let r = 0; r < left; r++) {
      const factor = r === i ? 0 : (rowsOf[r]?.[i] ?? 0) / pivot;
      rowsOf[r] = rowsOf[r]?.map((value, j) => value - factor * (rowsOf[i]?.[j] ?? 0)) ?? [];
    }
  }
  let loss = 0;
  for (let n = 0; n < N; n++) {
    const change = new Float64Array(K);
    for (const k of gone) change[k] = -(weights[n * K + k] ?? 0);
    for (const [i, k] of kept.entries()) {
      for (let g = 0; g < lost; g++) {
        const solved = (rowsOf[i]?.[left + g] ?? 0) / (rowsOf[i]?.[i] ?? 1);
        change[k] = (change[k] ?? 0) + solved * (weights[n * K + (gone[g] ?? 0)] ?? 0);
      }
    }
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < K; j++) loss += (change[i] ?? 0) * (C[i * K + j] ?? 0) * (change[j] ?? 0);
    }
  }
  return loss;
}

const eliminated = (hasBias: boolean) => new Elimination(weights, N, moments, { hasBias, damping });

test.each([true, false])('with a bias: %s; losses are those of the best fit', (hasBias) => {
  const whole = eliminated(hasBias);
  for (const gone of [[0], [13], [3, 4], [12, 0, 7, 9, 11]]) {
    expect(whole.loss(gone)).toBeCloseTo(lossOf(gone, hasBias), 6);
  }
});

test('lots in turn lose as much as all at once', () => {
  const turns = eliminated(true);
  let total = 0;
  for (const lot of [[5], [0, 9, 3, 13, 2], [12], [7, 8]]) {
    total += turns.loss(lot);
    turns.remove(lot);
  }
  expect(total).toBeCloseTo(lossOf([0, 2, 3, 5, 7, 8, 9, 12, 13], true), 6);
  expect(() => turns.loss([9])).toThrow('left');
});

/** Mean squared difference of what a refitted layer gives. */
function errorOf(kept: readonly number[]): number {
  const fit = { hasBias: true, damping };
  const { weights: made, shift } = refit(weights, N, kept, moments, fit);
  return outputChange(rows, { weights, N, K }, kept, { made, shift });
}

async function unitsLeft(kept: number): Promise<readonly number[]> {
  const context = { signal: new AbortController().signal, onShare: () => {} };
  const takers = [{ elimination: eliminated(true), inputs }];
  const { order } = await leastLossOrder(takers, kept, context);
  return without(order);
}

test('what follows from others goes first, and what stays serves better than any neighbour', async () => {
  const kept = await unitsLeft(12);
  expect(kept.filter((k) => [0, 12].includes(k))).toHaveLength(1);
  expect(kept.filter((k) => [1, 2, 13].includes(k))).toHaveLength(2);
  const half = await unitsLeft(7);
  const error = errorOf(half);
  const swapped = half.flatMap((out) =>
    without(half).map((back) =>
      errorOf([...half.filter((k) => k !== out), back].sort((a, b) => a - b)),
    ),
  );
  expect(swapped.filter((other) => other < error * 0.999).length).toBeLessThan(swapped.length / 10);
});

test('units of several inputs, and a cancel between lots', async () => {
  const pairs = Array.from({ length: 7 }, (_, unit) => [unit, unit + 7]);
  const shares: number[] = [];
  const { signal } = new AbortController();
  const takers = [{ elimination: eliminated(false), inputs: pairs }];
  const { order } = await leastLossOrder(takers, 4, { signal, onShare: (it) => shares.push(it) });
  expect(order).toHaveLength(3);
  expect(shares.at(-1)).toBe(1);
  const again = [{ elimination: eliminated(false), inputs: pairs }];
  const context = { signal: AbortSignal.abort(), onShare: () => {} };
  await expect(leastLossOrder(again, 4, context)).rejects.toThrow('abort');
});

test('the first of an order are the order of fewer, and each that goes adds what it costs', async () => {
  const context = { signal: new AbortController().signal, onShare: () => {} };
  const find = (kept: number) =>
    leastLossOrder([{ elimination: eliminated(true), inputs }], kept, context);
  const [some, most] = [await find(9), await find(3)];
  expect(most.order.slice(0, some.order.length)).toEqual(some.order);
  expect(some.lossAfter(0)).toBe(0);
  const { energy } = eliminated(true);
  for (const gone of [1, 4, 5]) {
    expect(some.lossAfter(gone)).toBe(most.lossAfter(gone));
    expect(most.lossAfter(gone) * energy).toBeCloseTo(lossOf(most.order.slice(0, gone), true), 6);
  }
  expect(most.lossAfter(12)).toBeNaN();
});
