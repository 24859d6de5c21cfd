/** Orthonormal bases in float64: Householder's QR, and the pieces of Cholesky's. */

/**
 * An orthonormal basis that contains the columns of `values`, also where they depend on each other.
 * - `values` — [rows, columns] row-major, rows ≥ columns, finite
 * - returns  — [rows, columns], orthonormal columns: Q of `values = Q R`
 */
export function householderQ(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
): Float64Array {
  // Column j of the matrix; below its diagonal it becomes the vector of reflection j.
  const a = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]!),
  );
  const factors = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    const v = a[k]!;
    let squares = 0;
    for (let i = k; i < rows; i++) squares += v[i]! * v[i]!;
    const head = v[k]!;
    const norm = head > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    const length = squares - head * norm; // vᵀv / 2
    if (length === 0) continue;
    v[k] = head - norm;
    factors[k] = 1 / length;
    for (let j = k + 1; j < columns; j++) reflect(a[j]!, v, factors[k]!, k);
  }
  const q = new Float64Array(rows * columns);
  const unit = new Float64Array(rows);
  for (let j = 0; j < columns; j++) {
    unit.fill(0);
    unit[j] = 1;
    for (let k = j; k >= 0; k--) if (factors[k]! > 0) reflect(unit, a[k]!, factors[k]!, k);
    for (let i = 0; i < rows; i++) q[i * columns + j] = unit[i]!;
  }
  return q;
}

/** x − factor · v (vᵀ x), where v is 0 before `from`. */
function reflect(x: Float64Array, v: Float64Array, factor: number, from: number): void {
  let sum = 0;
  for (let i = from; i < x.length; i++) sum += v[i]! * x[i]!;
  const scaled = factor * sum;
  for (let i = from; i < x.length; i++) x[i]! -= scaled * v[i]!;
}

/**
 * R⁻¹ of the Gram matrix `RᵀR`, so that the columns of Y R⁻¹ are orthonormal if `gram` is YᵀY.
 * - `gram`    — [n, n], symmetric
 * - `tooNear` — null if a column lies nearer to the span of those before it than this squared sine,
 *               which the rounding of `gram` must not reach
 * - returns   — float64 [n, n], upper triangular
 */
export function inverseCholesky(
  gram: ArrayLike<number>,
  n: number,
  tooNear: number,
): Float64Array | null {
  // Lower triangular L = Rᵀ, row by row.
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (j < i) {
        l[i * n + j] = sum / l[j * n + j]!;
        continue;
      }
      if (!(sum > tooNear * gram[i * n + i]!) || !Number.isFinite(sum)) return null;
      l[i * n + i] = Math.sqrt(sum);
    }
  }
  // Row i of L⁻¹ = (eᵢ − Σ_{k<i} L[i, k] · row k) / L[i, i]; R⁻¹ is its transpose.
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = inverse.subarray(i * n, (i + 1) * n);
    row[i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k]!;
      for (let j = 0; j <= k; j++) row[j]! -= factor * inverse[k * n + j]!;
    }
    for (let j = 0; j <= i; j++) row[j]! /= l[i * n + i]!;
  }
  return Float64Array.from(inverse, (_, i) => inverse[(i % n) * n + Math.floor(i / n)]!);
}
