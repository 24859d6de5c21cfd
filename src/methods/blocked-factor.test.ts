import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { type FactorTask, type UpperFactor, upperFactor } from '../reference/upper-factor.ts';
import { BLOCK_BYTES, blockProduct, SIDE } from './block-product.ts';
import { blockedFactor } from './blocked-factor.ts';

function finished(steps: Generator<number, UpperFactor | null>): UpperFactor | null {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** XᵀX of made-up vectors, some inputs far larger than others, walked in another order. */
function task(K: number, count: number, shift = 0.01): FactorTask {
  const random = seededRandom(K + count);
  const gram = new Float64Array(K * K);
  const x = new Float64Array(K);
  for (let vector = 0; vector < count; vector++) {
    for (let k = 0; k < K; k++) x[k] = random.normal() * (k % 7 === 0 ? 30 : 1);
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < K; j++)
        gram[i * K + j] = (gram[i * K + j] ?? 0) + (x[i] ?? 0) * (x[j] ?? 0);
    }
  }
  const order = Uint32Array.from({ length: K }, (_, k) => K - 1 - k);
  for (let k = K - 1; k > 0; k--) {
    const other = random.below(k + 1);
    [order[k], order[other]] = [order[other] ?? 0, order[k] ?? 0];
  }
  return { K, gram, order, shift: new Float64Array(K).fill(shift) };
}

test.each([1, 3, 17, 63, 64, 65, 129, 300])('%i inputs: the factor of the reference', (K) => {
  for (const count of [2 * K, Math.ceil(K / 2)]) {
    const given = task(K, count, count < K ? 10 : 0.01);
    const [own, wanted] = [finished(blockedFactor(given)), finished(upperFactor(given))];
    if (!own || !wanted) throw new Error('it has a factor');
    expect(own.K).toBe(K);
    wanted.diagonal.forEach((d, k) => {
      expect(Math.abs((own.diagonal[k] ?? Number.NaN) / d - 1)).toBeLessThan(1e-11);
    });
    const largest = wanted.upper.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    wanted.upper.forEach((u, at) => {
      expect(Math.abs((own.upper[at] ?? Number.NaN) - u)).toBeLessThanOrEqual(2 ** -22 * largest);
    });
  }
});

test('of a condition near 10⁹, what float64 can say', () => {
  const given = task(200, 100, 1e-4); // half of the eigenvalues are the shift, the largest near 1e5
  const [own, wanted] = [finished(blockedFactor(given)), finished(upperFactor(given))];
  wanted?.diagonal.forEach((d, k) => {
    expect(Math.abs((own?.diagonal[k] ?? Number.NaN) / d - 1)).toBeLessThan(1e-6);
  });
});

test('the same task gives the same bits', () => {
  const given = task(130, 200);
  expect(finished(blockedFactor(given))).toEqual(finished(blockedFactor(given)));
});

test('shares grow to 1, and a pivot that is not positive ends it', () => {
  const shares = [...blockedFactor(task(200, 400))];
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  for (const at of [0, 70, 199]) {
    const given = task(200, 400);
    const shift = given.shift.slice();
    shift[at] = -1e9;
    expect(finished(blockedFactor({ ...given, shift }))).toBeNull();
    expect(finished(upperFactor({ ...given, shift }))).toBeNull();
  }
});

test('a product of blocks is taken from its own block, and nothing else is touched', () => {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((5 * BLOCK_BYTES) / 2 ** 16) });
  const all = new Float64Array(memory.buffer);
  const random = seededRandom(4);
  for (let i = 0; i < all.length; i++) all[i] = Math.round(64 * random.normal());
  const before = all.slice();
  const block = SIDE * SIDE;
  blockProduct(memory)(3 * BLOCK_BYTES, BLOCK_BYTES, 2 * BLOCK_BYTES);
  const wanted = before.slice();
  for (let r = 0; r < SIDE; r++) {
    for (let s = 0; s < SIDE; s++) {
      for (let k = 0; k < SIDE; k++) {
        const [p, q] = [before[block + k * SIDE + r] ?? 0, before[2 * block + k * SIDE + s] ?? 0];
        wanted[3 * block + s * SIDE + r] = (wanted[3 * block + s * SIDE + r] ?? 0) - p * q;
      }
    }
  }
  expect(all).toEqual(wanted);
});
