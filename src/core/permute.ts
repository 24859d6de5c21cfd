import { elementCount } from './shape.ts';

type Elements = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/**
 * The elements of a row-major tensor with its axes in another order, as ONNX's Transpose gives them.
 * @param perm axis `i` of the result is axis `perm[i]` of `values`
 */
export function permute<Values extends Elements>(
  values: Values,
  dims: readonly number[],
  perm: readonly number[],
): Values {
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const lengths = perm.map((axis) => dims[axis] ?? 1);
  const steps = perm.map((axis) => strides[axis] ?? 1);
  const result = values.slice() as Values;
  const index = new Array<number>(perm.length).fill(0);
  for (let to = 0, from = 0; to < result.length; to++) {
    result[to] = values[from] ?? 0;
    // Counts up like an odometer: the last axis turns fastest.
    for (let axis = perm.length - 1; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      const length = lengths[axis] ?? 1;
      const next = (index[axis] ?? 0) + 1;
      if (next < length) {
        index[axis] = next;
        from += step;
        break;
      }
      index[axis] = 0;
      from -= (length - 1) * step;
    }
  }
  return result;
}
