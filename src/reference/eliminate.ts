/**
 * What a layer loses with some of its inputs when those that stay are refitted, and the elimination
 * of inputs one lot after the other: with C the damped moments of the inputs and P = C⁻¹, losing the
 * inputs U costs tr(W_U (P_UU)⁻¹ W_Uᵀ), and leaves W − W_U (P_UU)⁻¹ P_U and P − P_U (P_UU)⁻¹ P_U.
 * @see https://arxiv.org/abs/2302.04089 (ZipLM), after the Optimal Brain Surgeon
 */
import { assert } from '../core/assert.ts';
import { dampedMoments, type InputMoments } from './input-moments.ts';
import { whiten } from './whitening.ts';

export class Elimination {
  /** Inputs that are left, by where they stood at first. */
  #left: number[];
  /** By input, its place among those that are left; -1: gone. */
  readonly #places: Int32Array;
  /** P, the lower triangle row by row. */
  readonly #inverse: Float64Array;
  /** [left, N]: weights as refitting the layer would have them. */
  readonly #weights: Float64Array;
  readonly #N: number;
  /** tr(W C Wᵀ): what the outputs are at all. */
  readonly energy: number;

  /**
   * - `weights` — float32 [N, K], row-major
   * - `damping` — of the inputs' mean energy
   */
  constructor(
    weights: Float32Array<ArrayBuffer>,
    N: number,
    moments: InputMoments,
    { hasBias, damping }: { readonly hasBias: boolean; readonly damping: number },
  ) {
    const { K } = moments;
    assert(weights.length === N * K, 'weights of all inputs');
    const all = Array.from({ length: K }, (_, k) => k);
    const own = dampedMoments(moments, all, hasBias, damping);
    const { lower } = whiten(own, K);
    this.energy = energyOf(weights, lower, N, K);
    this.#inverse = inverse(lower, K);
    this.#weights = Float64Array.from({ length: K * N }, (_, at) => {
      return weights[(at % N) * K + Math.floor(at / N)] as number;
    });
    this.#N = N;
    this.#left = all;
    this.#places = Int32Array.from(all);
  }

  /** What losing `inputs`, which are all left, costs of the outputs' energy. */
  loss(inputs: readonly number[]): number {
    const lower = this.#factorOf(inputs);
    const solved = this.#solvedWeights(inputs, lower);
    return solved.reduce((sum, value) => sum + value * value, 0);
  }

  /** Takes `inputs` away and makes up for them with those that stay. */
  remove(inputs: readonly number[]): void {
    const count = inputs.length;
    if (count === 0) return;
    const lower = this.#factorOf(inputs);
    const solved = this.#solvedWeights(inputs, lower);
    const width = this.#left.length;
    const rows = Float64Array.from({ length: count * width }, (_, at) => {
      const place = this.#places[inputs[Math.floor(at / width)] as number] as number;
      return this.#at(place, at % width);
    });
    forward(rows, lower, count, width);
    for (const input of inputs) this.#places[input] = -1;
    const N = this.#N;
    let to = 0;
    for (let i = 0; i < width; i++) {
      const input = this.#left[i] as number;
      if (this.#places[input] === -1) continue;
      this.#move(i, to, width, rows, count);
      for (let n = 0; n < N; n++) {
        let value = this.#weights[i * N + n] as number;
        for (let u = 0; u < count; u++) value -= rows[u * width + i]! * solved[u * N + n]!;
        this.#weights[to * N + n] = value;
      }
      this.#places[input] = to++;
    }
    this.#left = this.#left.filter((input) => this.#places[input] !== -1);
  }

  /** Puts row `i` of P without what is lost where row `to` is, its lost columns left out. */
  #move(i: number, to: number, width: number, rows: Float64Array, count: number): void {
    const row = this.#inverse.subarray((i * (i + 1)) / 2, (i * (i + 1)) / 2 + i + 1);
    let u = 0;
    for (; u + 3 < count; u += 4) {
      const [a, b, c, d] = [u * width, (u + 1) * width, (u + 2) * width, (u + 3) * width];
      const [fa, fb, fc, fd] = [rows[a + i]!, rows[b + i]!, rows[c + i]!, rows[d + i]!];
      for (let j = 0; j <= i; j++) {
        row[j]! -= fa * rows[a + j]! + fb * rows[b + j]! + (fc * rows[c + j]! + fd * rows[d + j]!);
      }
    }
    for (; u < count; u++) {
      const factor = rows[u * width + i]!;
      for (let j = 0; j <= i; j++) row[j]! -= factor * rows[u * width + j]!;
    }
    let target = (to * (to + 1)) / 2;
    for (let j = 0; j <= i; j++) {
      if (this.#places[this.#left[j]!] !== -1) this.#inverse[target++] = row[j]!;
    }
  }

  #at(i: number, j: number): number {
    return i >= j ? this.#inverse[(i * (i + 1)) / 2 + j]! : this.#inverse[(j * (j + 1)) / 2 + i]!;
  }

  /** The Cholesky factor of P_UU, [count, count]. */
  #factorOf(inputs: readonly number[]): Float64Array {
    const count = inputs.length;
    const places = inputs.map((input) => this.#places[input] as number);
    assert(
      places.every((place) => place >= 0),
      'the inputs are left',
    );
    if (count === 1) return Float64Array.of(Math.sqrt(this.#at(places[0]!, places[0]!)));
    const own = new Float64Array(count * count);
    for (const [i, row] of places.entries()) {
      for (const [j, column] of places.entries()) own[i * count + j] = this.#at(row, column);
    }
    return whiten(own, count).lower;
  }

  /** L⁻¹ W_Uᵀ, [count, N]. */
  #solvedWeights(inputs: readonly number[], lower: Float64Array): Float64Array {
    const N = this.#N;
    const solved = new Float64Array(inputs.length * N);
    for (const [u, input] of inputs.entries()) {
      const from = (this.#places[input] as number) * N;
      solved.set(this.#weights.subarray(from, from + N), u * N);
    }
    forward(solved, lower, inputs.length, N);
    return solved;
  }
}

/** X with L X = B, in place of B [count, width]. */
function forward(b: Float64Array, lower: Float64Array, count: number, width: number): void {
  for (let i = 0; i < count; i++) {
    const row = b.subarray(i * width, (i + 1) * width);
    for (let j = 0; j < i; j++) {
      const factor = lower[i * count + j]!;
      const from = j * width;
      for (let at = 0; at < width; at++) row[at]! -= factor * b[from + at]!;
    }
    const pivot = lower[i * count + i]!;
    for (let at = 0; at < width; at++) row[at]! /= pivot;
  }
}

/** tr(W L Lᵀ Wᵀ). */
function energyOf(weights: Float32Array, lower: Float64Array, N: number, K: number): number {
  let energy = 0;
  const product = new Float64Array(K);
  for (let n = 0; n < N; n++) {
    product.fill(0);
    for (let k = 0; k < K; k++) {
      const factor = weights[n * K + k]!;
      for (let j = 0; j <= k; j++) product[j]! += factor * lower[k * K + j]!;
    }
    for (let j = 0; j < K; j++) energy += product[j]! ** 2;
  }
  return energy;
}

/** L⁻ᵀ L⁻¹, the lower triangle row by row; `lower` is used up. */
function inverse(lower: Float64Array, n: number): Float64Array {
  // Rows of L⁻¹ in place, row by row: x_i = (e_i − Σ_j<i L_ij x_j) / L_ii.
  for (let i = 0; i < n; i++) {
    const row = lower.subarray(i * n, i * n + n);
    const own = row.slice(0, i + 1);
    row.fill(0, 0, i + 1);
    for (let j = 0; j < i; j++) {
      const factor = own[j]!;
      const from = j * n;
      for (let at = 0; at <= j; at++) row[at]! -= factor * lower[from + at]!;
    }
    const pivot = own[i]!;
    for (let at = 0; at < i; at++) row[at]! /= pivot;
    row[i] = 1 / pivot;
  }
  const made = new Float64Array((n * (n + 1)) / 2);
  for (let k = 0; k < n; k++) {
    const from = k * n;
    for (let i = 0, to = 0; i <= k; i++) {
      const factor = lower[from + i]!;
      for (let j = 0; j <= i; j++) made[to++]! += factor * lower[from + j]!;
    }
  }
  return made;
}
