/** Singular value decomposition of small matrices in float64. */

export interface Svd {
  /** [rows, min(rows, columns)], orthonormal columns; a column of a singular value 0 is 0. */
  readonly u: Float64Array;
  /** Descending. */
  readonly s: Float64Array;
  /** [min(rows, columns), columns], orthonormal rows. */
  readonly vt: Float64Array;
}

const EPSILON = 2 ** -52;
const MAX_SWEEPS = 60;

/**
 * `values = u · diag(s) · vt` by one-sided Jacobi rotations, accurate to float64 rounding.
 * - `values` — [rows, columns] row-major, finite
 * @see https://doi.org/10.1137/0613074 (Demmel & Veselić)
 */
export function svd(values: ArrayLike<number>, rows: number, columns: number): Svd {
  if (rows < columns) {
    const turned = Float64Array.from(
      { length: rows * columns },
      (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!,
    );
    const { u, s, vt } = svd(turned, columns, rows);
    return { u: turn(vt, rows, rows), s, vt: turn(u, columns, rows) };
  }
  // Column j of the matrix and of V, each in one piece.
  const a = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]!),
  );
  const v = Array.from({ length: columns }, (_, j) => {
    const unit = new Float64Array(columns);
    unit[j] = 1;
    return unit;
  });
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < columns - 1; p++) {
      for (let q = p + 1; q < columns; q++) {
        const angle = angleBetween(a[p]!, a[q]!);
        if (!angle) continue;
        rotated = true;
        rotate(a[p]!, a[q]!, angle);
        rotate(v[p]!, v[q]!, angle);
      }
    }
    if (!rotated) break;
  }
  const norms = a.map((column) => Math.sqrt(dot(column, column)));
  const order = [...norms.keys()].sort((i, j) => norms[j]! - norms[i]!);
  const u = new Float64Array(rows * columns);
  const vt = new Float64Array(columns * columns);
  order.forEach((from, to) => {
    const norm = norms[from]!;
    for (let i = 0; i < rows; i++) u[i * columns + to] = norm > 0 ? a[from]![i]! / norm : 0;
    vt.set(v[from]!, to * columns);
  });
  return { u, s: Float64Array.from(order, (i) => norms[i]!), vt };
}

interface Rotation {
  readonly cosine: number;
  readonly sine: number;
}

/** The rotation that makes two columns orthogonal; null if they are. */
function angleBetween(p: Float64Array, q: Float64Array): Rotation | null {
  const alpha = dot(p, p);
  const beta = dot(q, q);
  const gamma = dot(p, q);
  if (Math.abs(gamma) <= EPSILON * Math.sqrt(alpha * beta)) return null;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  return { cosine, sine: cosine * tangent };
}

function rotate(p: Float64Array, q: Float64Array, { cosine, sine }: Rotation): void {
  for (let i = 0; i < p.length; i++) {
    const x = p[i]!;
    const y = q[i]!;
    p[i] = cosine * x - sine * y;
    q[i] = sine * x + cosine * y;
  }
}

function dot(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! * q[i]!;
  return sum;
}

/** [rows, columns] → [columns, rows]. */
function turn(values: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
