import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { CpuMatrices, type CpuMatrix } from './cpu-matrices.ts';
import { orthonormalize } from './orthonormalize.ts';
import { never } from './testing/low-rank.ts';

/** Counts the matrices that leave the device whole: Householder's way. */
class Watched extends CpuMatrices {
  downloads = 0;

  override download(matrix: CpuMatrix) {
    if (matrix.rows !== matrix.columns) this.downloads += 1;
    return super.download(matrix);
  }
}

const [ROWS, COLUMNS] = [150, 12];
const random = seededRandom(1);
const normal = Float32Array.from({ length: ROWS * COLUMNS }, () => random.normal());
/** Each column the first one and ever less of its own. */
const leaning = (share: number) =>
  normal.map((value, i) => (normal[i - (i % COLUMNS)] as number) + share ** (i % COLUMNS) * value);

test.each([
  ['independent columns', normal, 0],
  ['columns of very unlike lengths', normal.map((v, i) => v * 10 ** ((i % COLUMNS) - 6)), 0],
  ['columns that lean together', leaning(0.8), 0],
  ['columns that almost agree', leaning(0.1), 1],
  ['one column again and again', leaning(0), 1],
  ['zeros', new Float32Array(ROWS * COLUMNS), 1],
] as const)('%s: an orthonormal basis that holds them', async (_, values, downloads) => {
  const device = new Watched();
  const y = device.upload(new Float32Array(values), ROWS, COLUMNS);
  const q = await orthonormalize(device, y, never);
  expect(device.downloads).toBe(downloads);
  const gram = await device.multiply({ a: q, b: q, transposition: 'TN' }, never);
  const off = gram.values.map((value, i) => Math.abs(value - (i % (COLUMNS + 1) === 0 ? 1 : 0)));
  expect(Math.max(...off)).toBeLessThan(1e-5);

  const inside = await device.multiply({ a: q, b: y, transposition: 'TN' }, never);
  const back = await device.multiply({ a: q, b: inside, transposition: 'NN' }, never);
  for (let column = 0; column < COLUMNS; column++) {
    const length = (x: Float32Array) => Math.hypot(...x.filter((_, i) => i % COLUMNS === column));
    const rest = back.values.map((value, i) => value - (values[i] as number));
    expect(length(rest)).toBeLessThanOrEqual(1e-5 * length(values));
  }
});
