/** Indices out of tensors as they lie, element by element. */
import { assert } from '../core/assert.ts';
import { elementCount } from '../core/shape.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The elements whose indices stay.
 * - `bytes` — row-major elements of `dims`, each of `width` bytes
 * - `kept` — by axis, the indices that stay, ascending; axes that are not named stay whole
 */
export function cutTensor(
  bytes: Bytes,
  dims: readonly number[],
  width: number,
  kept: ReadonlyMap<number, readonly number[]>,
): Bytes {
  assert(bytes.length === elementCount(dims) * width, 'a whole tensor');
  let [current, shape] = [bytes, dims];
  for (const [axis, indices] of kept) {
    const inner = elementCount(shape.slice(axis + 1)) * width;
    const outer = elementCount(shape.slice(0, axis));
    const length = shape[axis] ?? 1;
    const made = new Uint8Array(outer * indices.length * inner);
    let to = 0;
    for (let row = 0; row < outer; row++) {
      for (const index of indices) {
        const from = (row * length + index) * inner;
        made.set(current.subarray(from, from + inner), to);
        to += inner;
      }
    }
    current = made;
    shape = shape.map((dim, at) => (at === axis ? indices.length : dim));
  }
  return current;
}
