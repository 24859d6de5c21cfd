import { symmetricEigen } from '../reference/symmetric-eigen.ts';
import type { Matrix, MatrixDevice } from './matrix-device.ts';
import { gramOfRows, type Sketch } from './randomized-svd.ts';

/** Below this share of the largest energy, directions are rounding of float64. */
const NEGLIGIBLE = 1e-14;

/**
 * The whole SVD by the eigenvectors of the smaller Gram matrix in float64, on this thread; only the
 * products with W run on the device. A direction whose energy is negligible is 0.
 * - `w`, `values` — the same matrix, float32 [rows, columns]
 * @throws device-lost, out-of-memory, gpu-failed; the signal's reason when it aborts
 */
export async function wholeSvd<M extends Matrix>(
  device: MatrixDevice<M>,
  w: M,
  values: Float32Array,
  signal: AbortSignal,
): Promise<Sketch> {
  const { rows, columns } = w;
  const width = Math.min(rows, columns);
  const isWide = rows <= columns;
  const lines = isWide ? values : turn(values, rows, columns);
  const gram = gramOfRows(lines, width, Math.max(rows, columns));
  const eigen = symmetricEigen(gram, width);
  signal.throwIfAborted();
  const vectors = new Float32Array(eigen.vectors);
  const largest = eigen.values[0] ?? 0;
  const energies = eigen.values.map((value) => (value > NEGLIGIBLE * largest ? value : 0));
  using directions = device.upload(vectors, width, width);
  if (isWide) {
    using right = await device.multiply({ a: directions, b: w, transposition: 'NN' }, signal);
    return {
      width,
      left: turn(vectors, width, width),
      right: await device.download(right),
      energies,
    };
  }
  using left = await device.multiply({ a: w, b: directions, transposition: 'NT' }, signal);
  const lengths = energies.map(Math.sqrt);
  return {
    width,
    left: (await device.download(left)).map((value, i) => {
      const length = lengths[i % width] as number;
      return length > 0 ? value / length : 0;
    }),
    right: vectors.map((value, i) => value * (lengths[Math.floor(i / width)] as number)),
    energies,
  };
}

/** [rows, columns] → [columns, rows]. */
function turn(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] as number;
    }
  }
  return turned;
}
