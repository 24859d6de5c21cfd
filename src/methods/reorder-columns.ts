/** float32 [rows, K] of rows [first, first + rows), column k from column `order[k]`. */
export function reorderedRows(
  values: Float32Array,
  first: number,
  rows: number,
  order: Uint32Array,
): Float32Array<ArrayBuffer> {
  const K = order.length;
  const ordered = new Float32Array(rows * K);
  for (let row = 0; row < rows; row++) {
    const from = (first + row) * K;
    const to = row * K;
    for (let k = 0; k < K; k++) ordered[to + k] = values[from + (order[k] as number)] as number;
  }
  return ordered;
}

/** The inverse, of whole matrices [rows, K]. */
export function asGivenRows<Values extends Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  ordered: Values,
  order: Uint32Array,
): Values {
  const K = order.length;
  const values = ordered.slice() as Values;
  for (let row = 0; row < ordered.length; row += K) {
    for (let k = 0; k < K; k++) values[row + (order[k] as number)] = ordered[row + k] as number;
  }
  return values;
}

/**
 * Each row's part of tr(E H Eᵀ), from its part with damping; no less than 0, below which rounding
 * may take it where damping was most of it.
 * - `errors` — float32 [rows, K]; `shift` — [K], λ of each column, both in the order of the factor
 */
export function withoutDamping(
  losses: Float64Array,
  errors: Float32Array,
  shift: Float64Array,
): Float64Array<ArrayBuffer> {
  const K = shift.length;
  return Float64Array.from(losses, (loss, row) => {
    let damped = 0;
    for (let k = 0; k < K; k++) {
      damped += (shift[k] as number) * (errors[row * K + k] as number) ** 2;
    }
    return Math.max(0, loss - damped);
  });
}
