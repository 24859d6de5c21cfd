/** Product of `dims`; 1 for a scalar. Exact up to 2^53, beyond which it is not an integer to trust. */
export const elementCount = (dims: readonly number[]): number =>
  dims.reduce((product, dim) => product * dim, 1);
