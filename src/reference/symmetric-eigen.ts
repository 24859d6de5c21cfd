/**
 * Eigenvectors of a symmetric matrix in float64: Householder reflections to tridiagonal form, then
 * implicit QL rotations. About 10 n³ operations; all inner loops run along rows.
 * @see https://doi.org/10.1007/BF02162505 (Martin, Reinsch & Wilkinson)
 */
import { assert } from '../core/assert.ts';

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** [n, n]; row i is the unit eigenvector of value i. */
  readonly vectors: Float64Array;
}

const EPSILON = 2 ** -52;
const MAX_TURNS = 60;

/** `matrix` — float64 [n, n], symmetric, finite; accurate to rounding of the largest value */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  assert(matrix.length === n * n, `${n} × ${n} entries`);
  const { diagonal, beside, vectors } = tridiagonal(matrix.slice(), n);
  const rows = Array.from({ length: n }, (_, i) => vectors.subarray(i * n, (i + 1) * n));
  diagonalize(diagonal, beside, rows);
  const order = [...diagonal.keys()].sort((i, j) => diagonal[j]! - diagonal[i]!);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => {
    sorted.set(rows[from]!, to * n);
  });
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors: sorted };
}

/** matrix = vectorsᵀ · T · vectors with T tridiagonal; destroys `matrix`. */
function tridiagonal(a: Float64Array, n: number) {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const factors = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    diagonal[k] = a[k * n + k]!;
    // The reflection's vector v stays in row k, from column k + 1 on.
    const v = a.subarray(k * n, (k + 1) * n);
    let squares = 0;
    for (let j = k + 1; j < n; j++) squares += v[j]! * v[j]!;
    const head = v[k + 1]!;
    const norm = head > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    beside[k] = norm;
    const length = squares - head * norm; // vᵀv / 2
    if (k === n - 2 || length === 0) {
      beside[k] = head;
      continue;
    }
    v[k + 1] = head - norm;
    const factor = 1 / length;
    factors[k] = factor;
    let pv = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      p[i] = sum * factor;
      pv += p[i]! * v[i]!;
    }
    const half = (pv * factor) / 2;
    for (let i = k + 1; i < n; i++) p[i]! -= half * v[i]!;
    for (let i = k + 1; i < n; i++) {
      const vi = v[i]!;
      const pi = p[i]!;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= vi * p[j]! + pi * v[j]!;
    }
  }
  diagonal[n - 1] = a[n * n - 1]!;
  return { diagonal, beside, vectors: reflections(a, factors, n) };
}

/** The product of all reflections, transposed. */
function reflections(a: Float64Array, factors: Float64Array, n: number): Float64Array {
  const z = new Float64Array(n * n);
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) z[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const factor = factors[k]!;
    if (factor === 0) continue;
    const v = a.subarray(k * n, (k + 1) * n);
    sums.fill(0);
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) sums[j]! += v[i]! * z[i * n + j]!;
    }
    for (let i = k + 1; i < n; i++) {
      const scaled = factor * v[i]!;
      for (let j = k + 1; j < n; j++) z[i * n + j]! -= scaled * sums[j]!;
    }
  }
  return Float64Array.from(z, (_, i) => z[(i % n) * n + Math.floor(i / n)]!);
}

/** Rotates `beside` away; `rows` take part in every rotation. */
function diagonalize(
  diagonal: Float64Array,
  beside: Float64Array,
  rows: readonly Float64Array[],
): void {
  const n = diagonal.length;
  const largest = diagonal.reduce(
    (most, value, i) => Math.max(most, Math.abs(value) + Math.abs(beside[i]!)),
    0,
  );
  const negligible = EPSILON * largest;
  for (let low = 0; low < n; low++) {
    for (let turn = 0; ; turn++) {
      let high = low;
      while (high < n - 1 && Math.abs(beside[high]!) > negligible) high++;
      if (high === low) break;
      assert(turn < MAX_TURNS, 'eigenvalues converge');
      turnOnce(diagonal, beside, rows, low, high);
    }
  }
}

/** One implicit QL step with Wilkinson's shift on rows `low` to `high`. */
function turnOnce(
  diagonal: Float64Array,
  beside: Float64Array,
  rows: readonly Float64Array[],
  low: number,
  high: number,
): void {
  const ahead = (diagonal[low + 1]! - diagonal[low]!) / (2 * beside[low]!);
  const reach = Math.sqrt(ahead * ahead + 1);
  let g = diagonal[high]! - diagonal[low]! + beside[low]! / (ahead + (ahead < 0 ? -reach : reach));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const r = Math.sqrt(f * f + g * g);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1]! -= shift;
      beside[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1]! - shift;
    const mixed = (diagonal[i]! - g) * sine + 2 * cosine * b;
    shift = sine * mixed;
    diagonal[i + 1] = g + shift;
    g = cosine * mixed - b;
    const p = rows[i]!;
    const q = rows[i + 1]!;
    for (let k = 0; k < p.length; k++) {
      const x = p[k]!;
      const y = q[k]!;
      q[k] = sine * x + cosine * y;
      p[k] = cosine * x - sine * y;
    }
  }
  diagonal[low]! -= shift;
  beside[low] = g;
  beside[high] = 0;
}
