import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { refit } from './refit.ts';
import { momentsOf, outputChange } from './testing/refitted-layer.ts';

const [K, N, COUNT] = [12, 5, 400];
const WITH_BIAS = { hasBias: true, damping: 1e-3 };
const PLAIN = { hasBias: false, damping: 1e-3 };
const random = seededRandom(3);
const uniform = () => random.uniform() * 2 - 1;

/** Inputs of which the last four follow from the others, with means that are not 0. */
const rows = Array.from({ length: COUNT }, () => {
  const row = Array.from({ length: K }, () => uniform() + 0.5);
  for (let k = 8; k < K; k++) row[k] = 0.5 * (row[k - 8] ?? 0) - 0.25 * (row[k - 6] ?? 0) + 0.1;
  return row;
});
const weights = Float32Array.from({ length: N * K }, uniform);

const moments = () => momentsOf(rows, K);

const errorOf = (kept: readonly number[], made: Float32Array, shift: Float64Array | null) =>
  outputChange(rows, { weights, N, K }, kept, { made, shift });

const cut = (kept: readonly number[]) =>
  Float32Array.from({ length: N * kept.length }, (_, at) => {
    const k = kept[at % kept.length] ?? 0;
    return weights[Math.floor(at / kept.length) * K + k] ?? 0;
  });

test('inputs that follow from others are not missed', () => {
  const kept = [0, 1, 2, 3, 4, 5, 6, 7];
  const { weights: made, shift } = refit(weights, N, kept, moments(), WITH_BIAS);
  expect(errorOf(kept, made, shift)).toBeLessThan(1e-4);
  expect(errorOf(kept, cut(kept), null)).toBeGreaterThan(0.1);
});

test('what is lost is as little as it can be, and less with a bias', () => {
  const kept = [0, 2, 3, 5, 8, 9, 11];
  const plain = errorOf(kept, cut(kept), null);
  const { weights: linear } = refit(weights, N, kept, moments(), PLAIN);
  const { weights: affine, shift } = refit(weights, N, kept, moments(), WITH_BIAS);
  const [without, withBias] = [errorOf(kept, linear, null), errorOf(kept, affine, shift)];
  expect(without).toBeLessThan(plain);
  expect(withBias).toBeLessThan(without);
  for (const at of [0, 3, 20]) {
    const moved = affine.slice();
    moved[at] = (moved[at] ?? 0) + 0.01;
    expect(errorOf(kept, moved, shift)).toBeGreaterThan(withBias * 0.9999);
  }
});

test('dead inputs and fewer rows than inputs give finite weights', () => {
  const { gram, sum } = moments();
  for (let i = 0; i < K; i++) {
    gram[i * K] = 0;
    gram[i] = 0;
  }
  sum[0] = 0;
  const kept = [0, 1, 2, 8, 9];
  const dead = refit(weights, N, kept, { K, count: COUNT, gram, sum }, WITH_BIAS);
  expect(dead.weights.every(Number.isFinite)).toBe(true);
  const nothing = { K, count: 2, gram: new Float32Array(K * K), sum: new Float64Array(K) };
  const { weights: kept0 } = refit(weights, N, kept, nothing, PLAIN);
  expect([...kept0]).toEqual([...cut(kept)]);
});
