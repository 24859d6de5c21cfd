/** A matrix whose errors are weighted over the axis of its inputs, on a device. */
import type { Matrix, MatrixDevice } from './matrix-device.ts';
import { unweighted, type Weighting } from './weighting.ts';

/** Which axis of the matrix as it lies counts inputs. */
export type InputAxis = 'rows' | 'columns';

type Values = Float32Array<ArrayBuffer>;

interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/**
 * E · S for inputs along columns, Sᵀ · E for inputs along rows.
 * - `values` — float32 [rows, columns]
 * @throws device-lost, out-of-memory, too-large, gpu-failed; the signal's reason when it aborts
 */
export async function weighted<M extends Matrix>(
  device: MatrixDevice<M>,
  values: Values,
  { rows, columns }: Shape,
  axis: InputAxis,
  weighting: Weighting,
  signal: AbortSignal,
): Promise<Values> {
  if (weighting.kind === 'diagonal') {
    const { scales } = weighting;
    return values.map((value, i) => {
      const input = axis === 'columns' ? i % columns : Math.floor(i / columns);
      return value * (scales[input] as number);
    });
  }
  const K = axis === 'columns' ? columns : rows;
  using e = device.upload(values, rows, columns);
  using s = device.upload(new Float32Array(weighting.lower), K, K);
  using product = await device.multiply(
    axis === 'columns' ? { a: e, b: s, transposition: 'NN' } : { a: s, b: e, transposition: 'TN' },
    signal,
  );
  return device.download(product);
}

/**
 * The factors of W, from those of W · S (or Sᵀ · W): S is undone in the one that counts inputs, in
 * float64, and each component is shared out evenly again.
 * - `a` — float32 [rows, rank]; `b` — float32 [rank, columns]
 */
export function unweightedFactors(
  a: Values,
  b: Values,
  rank: number,
  axis: InputAxis,
  weighting: Weighting,
): { readonly a: Values; readonly b: Values } {
  const columns = b.length / rank;
  const rows = a.length / rank;
  const first =
    axis === 'rows'
      ? turned(unweighted(turned(a, rows, rank), weighting, rank), rank, rows)
      : Float64Array.from(a);
  const second = axis === 'columns' ? unweighted(b, weighting, rank) : Float64Array.from(b);
  for (let k = 0; k < rank; k++) {
    const own = second.subarray(k * columns, (k + 1) * columns);
    let [left, right] = [0, 0];
    for (let i = 0; i < rows; i++) left += (first[i * rank + k] as number) ** 2;
    for (const value of own) right += value * value;
    const share = left > 0 && right > 0 ? (right / left) ** 0.25 : 1;
    for (let i = 0; i < rows; i++) first[i * rank + k] = (first[i * rank + k] as number) * share;
    for (let j = 0; j < columns; j++) own[j] = (own[j] as number) / share;
  }
  return { a: new Float32Array(first), b: new Float32Array(second) };
}

/** [rows, columns] → [columns, rows]. */
function turned(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j] as number;
  }
  return result;
}
