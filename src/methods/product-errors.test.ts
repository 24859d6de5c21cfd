import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { CpuMatrices } from './cpu-matrices.ts';
import { layerError } from './layer-error.ts';
import { ProductErrors } from './product-errors.ts';
import { rowChunks } from './row-chunks.ts';
import { gramOf } from './testing/grams.ts';
import { never } from './testing/low-rank.ts';

test('errors by products are those of the layer, in one slab and in several', async () => {
  const [n, K] = [11, 40];
  const random = seededRandom(5);
  const rows = Float32Array.from({ length: n * K }, () => random.normal());
  const gram = gramOf(K);
  for (const slabElements of [undefined, 7 * (K + 3), 1]) {
    using errors = new ProductErrors(new CpuMatrices(), gram, K, slabElements);
    const byRow = await errors.byRow(rows, never);
    byRow.forEach((error, row) => {
      expect(error / layerError(rows.subarray(row * K, (row + 1) * K), gram, K)).toBeCloseTo(1, 4);
    });
    expect((await errors.of(rows, never)) / layerError(rows, gram, K)).toBeCloseTo(1, 5);
  }
});

test('chunks are whole rows, one at least', () => {
  expect([...rowChunks(70, 10, 35)]).toEqual([
    [0, 30],
    [30, 60],
    [60, 70],
  ]);
  expect([...rowChunks(20, 10, 3)]).toEqual([
    [0, 10],
    [10, 20],
  ]);
});
