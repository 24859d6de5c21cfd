/** What the tests of factorizing share. */
import { expect } from 'vitest';
import { assert } from '../../core/assert.ts';
import type { FactorizeSpec } from '../../core/factorize-spec.ts';
import { seededRandom } from '../../core/random.ts';
import { svd } from '../../reference/svd.ts';
import { float32Of, type GoldenArray, goldenCases } from '../../reference/testing/golden.ts';
import { type Factors, factorize } from '../factorize.ts';
import type { Matrix, MatrixDevice } from '../matrix-device.ts';

export const never = new AbortController().signal;

export interface MatrixCase {
  readonly name: string;
  readonly values: Float32Array<ArrayBuffer>;
  readonly K: number;
  readonly N: number;
}

/** `lowrank/svd_*`, with the best relative error of some ranks. */
export const svdCases = () =>
  goldenCases('lowrank', 'svd_').map(({ name, params, arrays, expect: { variants = [] } }) => ({
    name,
    values: float32Of(arrays['matrix'] as GoldenArray),
    K: params['rows'] as number,
    N: params['cols'] as number,
    best: variants.map(({ k, relFrobeniusError }) => [k, relFrobeniusError] as [number, number]),
  }));

/** A matrix of normal numbers whose singular values fall off as 1 / (1 + i / `knee`). */
export function decaying(K: number, N: number, knee: number, seed: number): MatrixCase {
  const random = seededRandom(seed);
  const count = Math.min(K, N);
  const draw = (length: number) => Float64Array.from({ length }, () => random.normal());
  const [u, v] = [draw(K * count), draw(count * N)];
  const values = new Float32Array(K * N);
  for (let i = 0; i < K; i++) {
    for (let r = 0; r < count; r++) {
      const factor = (u[i * count + r] as number) / (1 + r / knee);
      for (let j = 0; j < N; j++) {
        values[i * N + j] = (values[i * N + j] as number) + factor * (v[r * N + j] as number);
      }
    }
  }
  return { name: `${K} × ${N}`, values, K, N };
}

export async function factorsFor<M extends Matrix>(
  device: MatrixDevice<M>,
  { name, values, K, N }: MatrixCase,
  spec: FactorizeSpec,
  seed = 1,
): Promise<Factors> {
  const { factors } = await factorize(device, name, values, { K, N }, spec, {
    seed,
    signal: never,
  });
  assert(factors, `${name} has factors`);
  return factors;
}

/** ‖W − A B‖ / ‖W‖ in float64; 0 for zeros. */
export function relativeError({ values, K, N }: MatrixCase, { a, b, rank }: Factors): number {
  let error = 0;
  let total = 0;
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < N; j++) {
      let rest = values[i * N + j] as number;
      total += rest * rest;
      for (let r = 0; r < rank; r++) {
        rest -= (a[i * rank + r] as number) * (b[r * N + j] as number);
      }
      error += rest * rest;
    }
  }
  return total === 0 ? error : Math.sqrt(error / total);
}

/** The error is the best one within 1 % and the rounding of float32, and is what is reported. */
export function expectBest(matrix: MatrixCase, factors: Factors, best: number): void {
  const own = relativeError(matrix, factors);
  expect(own).toBeLessThanOrEqual(1.01 * best + 2e-6);
  const { sumSquares, sumSquaredError } = factors.errors;
  const reported = sumSquares === 0 ? 0 : Math.sqrt(sumSquaredError / sumSquares);
  expect(Math.abs(reported - own)).toBeLessThan(1e-6 + 1e-3 * own);
}

/** Share of the energy of the first singular values, exactly. */
export function energyShares({ values, K, N }: MatrixCase): number[] {
  const { s } = svd(values, K, N);
  const total = s.reduce((sum, value) => sum + value * value, 0);
  let kept = 0;
  return Array.from(s, (value) => {
    kept += value * value;
    return kept / total;
  });
}
