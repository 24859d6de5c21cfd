import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { errorOfProduct, weightedLayers } from '../reference/testing/weighted-layers.ts';
import { CpuMatrices } from './cpu-matrices.ts';
import { factorize } from './factorize.ts';
import { GpuMatrices } from './gpu-matrices.ts';
import {
  decaying,
  energyShares,
  expectBest,
  factorsFor,
  never,
  svdCases,
} from './testing/low-rank.ts';
import { outputWeighting } from './weighting.ts';

const gpu = await openDevice();
const device = new GpuMatrices(gpu, 'register');
afterAll(() => gpu[Symbol.dispose]());

test('every golden at every rank: within 1 % of the best error', async () => {
  for (const matrix of svdCases()) {
    for (const [rank, best] of matrix.best) {
      expectBest(matrix, await factorsFor(device, matrix, { by: 'rank', rank }), best);
    }
  }
});

test('every golden of weighted layers: SVD-LLM within 1 % of the optimum', async () => {
  for (const layer of weightedLayers()) {
    const { name, N, K, w, sums } = layer;
    const output = outputWeighting(sums);
    for (const { rank, optimum } of layer.variants) {
      const { factors } = await factorize(
        ...([device, name, w, { K: N, N: K }, { by: 'rank', rank }] as const),
        ...([
          { seed: 1, signal: never },
          { axis: 'columns', shape: output, judge: output },
        ] as const),
      );
      const error = factors && errorOfProduct(layer, factors, 'NK');
      expect(error).toBeLessThanOrEqual(1.01 * optimum + 1e-7);
    }
  }
});

test('a larger matrix: within 1 % of the best error, variants alike', async () => {
  const matrix = decaying(130, 230, 8, 1);
  const best = Math.sqrt(1 - (energyShares(matrix)[19] as number));
  const spec = { by: 'rank', rank: 20 } as const;
  const first = await factorsFor(device, matrix, spec);
  expectBest(matrix, first, best);
  expect(await factorsFor(new GpuMatrices(gpu, 'shared-32'), matrix, spec)).toEqual(first);
});

test.each(['NN', 'NT', 'TN'] as const)('%s in slabs is as in one piece', async (transposition) => {
  const [M, N, K] = [200, 7, 33];
  const random = seededRandom(1);
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
  const [a, b, c] = [draw(M * K), draw(K * N), draw(M * N)];
  const results = [];
  for (const matrices of [device, new GpuMatrices(gpu, 'register', 1), new CpuMatrices()]) {
    const own = matrices as GpuMatrices; // the CPU's is used alike
    using left = transposition === 'TN' ? own.upload(a, K, M) : own.upload(a, M, K);
    using right = transposition === 'NT' ? own.upload(b, N, K) : own.upload(b, K, N);
    using start = own.upload(c, M, N);
    const product = { a: left, b: right, transposition, addTo: start };
    using result = await own.multiply(product, never);
    results.push(await own.download(result));
    expect(await own.download(start)).toEqual(c);
  }
  const [whole, slabs, reference] = results as [Float32Array, Float32Array, Float32Array];
  expect(slabs).toEqual(whole);
  const far = whole.filter((value, i) => Math.abs(value - (reference[i] as number)) > 1e-4);
  expect(far.length).toBe(0);
});

test('a matrix over the binding limit is too large', async () => {
  using small = await openDevice({ limits: { maxStorageBufferBindingSize: 128 * 2 ** 20 } });
  const matrices = new GpuMatrices(small, 'register');
  const values = new Float32Array(4);
  expect(() => matrices.upload(values, 2 ** 15, 2 ** 10 + 1)).toThrow(
    expect.objectContaining({ code: 'too-large' }),
  );
});
