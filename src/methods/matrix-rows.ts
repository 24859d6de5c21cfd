/** A weight as the matrix that its operator multiplies by: a row an output channel. */
import { permute } from '../core/permute.ts';

/** How the tensor's axes give the matrix; see `MatrixShape`. */
export interface RowsShape {
  readonly K: number;
  readonly N: number;
  readonly transposed: boolean;
  readonly dims: readonly number[];
  readonly perm: readonly number[] | null;
}

type Elements = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** [N, K], from the elements of the tensor as they lie. */
export function rowsOf<Values extends Elements>(
  values: Values,
  { K, N, transposed, dims, perm }: RowsShape,
): Values {
  const own = perm ? permute(values, dims, perm) : values;
  return transposed ? own : turned(own, K, N);
}

/** The inverse of `rowsOf`. */
export function asTensor<Values extends Elements>(
  rows: Values,
  { K, N, transposed, dims, perm }: RowsShape,
): Values {
  const own = transposed ? rows : turned(rows, N, K);
  if (!perm) return own;
  const lengths = perm.map((axis) => dims[axis] ?? 1);
  return permute(
    own,
    lengths,
    dims.map((_, axis) => perm.indexOf(axis)),
  );
}

/** [columns, rows] of [rows, columns]. */
function turned<Values extends Elements>(values: Values, rows: number, columns: number): Values {
  const result = values.slice() as Values;
  for (let column = 0, to = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++, to++) {
      result[to] = values[row * columns + column] as number;
    }
  }
  return result;
}
