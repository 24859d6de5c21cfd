/** Products of errors with columns of Ů, four rows by four columns at a time, in float64. */
import type { UpperFactor } from './upper-factor.ts';

export const TILE = 4;

/** Some columns of Ů, four beside each other. */
export interface Panel {
  readonly first: number;
  readonly width: number;
  /** float32 [ceil(width / 4), first + width, 4]; columns beyond K are 0. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** Columns [first, first + width). */
export function panelOf({ K, upper }: UpperFactor, first: number, width: number): Panel {
  const rows = first + width;
  const values = new Float32Array(Math.ceil(width / TILE) * rows * TILE);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < width; i++) {
      const tile = Math.floor(i / TILE);
      values[(tile * rows + j) * TILE + (i % TILE)] = upper[j * K + first + i]!;
    }
  }
  return { first, width, values };
}

/**
 * Σ errors[row + r, j] Ů[j, column + c] over j in [from, to), into `sums[4 r + c]`.
 * - `errors` — float32 [rows, K], whole multiples of four rows
 * - `column` — of the panel, its first plus a multiple of four
 */
export function tileProducts(
  errors: Float32Array,
  K: number,
  row: number,
  { first, width, values }: Panel,
  column: number,
  from: number,
  to: number,
  sums: Float64Array,
): void {
  let at = ((column - first) * (first + width) + from * TILE) | 0;
  const e0 = row * K;
  const e1 = e0 + K;
  const e2 = e1 + K;
  const e3 = e2 + K;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let j = from; j < to; j++, at += TILE) {
    const m0 = values[at]!;
    const m1 = values[at + 1]!;
    const m2 = values[at + 2]!;
    const m3 = values[at + 3]!;
    const x0 = errors[e0 + j]!;
    s00 += x0 * m0;
    s01 += x0 * m1;
    s02 += x0 * m2;
    s03 += x0 * m3;
    const x1 = errors[e1 + j]!;
    s10 += x1 * m0;
    s11 += x1 * m1;
    s12 += x1 * m2;
    s13 += x1 * m3;
    const x2 = errors[e2 + j]!;
    s20 += x2 * m0;
    s21 += x2 * m1;
    s22 += x2 * m2;
    s23 += x2 * m3;
    const x3 = errors[e3 + j]!;
    s30 += x3 * m0;
    s31 += x3 * m1;
    s32 += x3 * m2;
    s33 += x3 * m3;
  }
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s03;
  sums[4] = s10;
  sums[5] = s11;
  sums[6] = s12;
  sums[7] = s13;
  sums[8] = s20;
  sums[9] = s21;
  sums[10] = s22;
  sums[11] = s23;
  sums[12] = s30;
  sums[13] = s31;
  sums[14] = s32;
  sums[15] = s33;
}
