/** Golden layers of gptq and prune as the tests of error feedback want them. */
import { assert } from '../../core/assert.ts';
import type { GptqRule } from '../gptq.ts';
import { clamp, roundHalfEven } from '../round.ts';
import { upperFactor } from '../upper-factor.ts';
import { float32Of, type GoldenCase } from './golden.ts';

export interface GoldenLayer {
  readonly N: number;
  readonly K: number;
  /** float32 [N, K] */
  readonly weight: Float32Array<ArrayBuffer>;
  /** float64 [K, K]: XᵀX */
  readonly gram: Float64Array<ArrayBuffer>;
}

export function layerOf({ arrays }: GoldenCase): GoldenLayer {
  const { weight, x } = arrays;
  assert(weight && x, 'a layer has weights and inputs');
  const [N = 0, K = 0] = weight.shape;
  return { N, K, weight: float32Of(weight), gram: gramOf(float32Of(x), K) };
}

/** float64 [K, K]: XᵀX of x [tokens, K]. */
export function gramOf(x: Float32Array, K: number): Float64Array<ArrayBuffer> {
  const gram = new Float64Array(K * K);
  for (let t = 0; t < x.length; t += K) {
    for (let i = 0; i < K; i++) {
      const value = x[t + i]!;
      for (let j = 0; j < K; j++) gram[i * K + j]! += value * x[t + j]!;
    }
  }
  return gram;
}

/** Dead columns are 0 in the papers' code from the start. */
export const withoutDead = ({ weight, gram, K }: GoldenLayer): Float32Array<ArrayBuffer> =>
  weight.map((w, i) => (gram[(i % K) * (K + 1)] === 0 ? 0 : w));

/** As the papers' code has it: dead columns count 1, and damping is a share of the mean. */
export function paperFactor({ K, gram }: GoldenLayer, actOrder: boolean, damping = 0.01) {
  const diagonal = Array.from({ length: K }, (_, k) => gram[k * K + k]! || 1);
  const mean = diagonal.reduce((sum, value) => sum + value, 0) / K;
  const order = Uint32Array.from(diagonal.keys());
  if (actOrder) order.sort((i, j) => diagonal[j]! - diagonal[i]! || i - j);
  const shift = Float64Array.from(diagonal, (value, k) => {
    return damping * mean + value - gram[k * K + k]!;
  });
  return { order, factor: finished(upperFactor({ K, gram, shift, order })) };
}

/** What `steps` come to. */
export function finished<T>(steps: Generator<number, T>): NonNullable<T> {
  for (;;) {
    const step = steps.next();
    if (!step.done) continue;
    assert(step.value, 'it comes to something');
    return step.value;
  }
}

/** tr(dW H dWᵀ) / tr(W H Wᵀ) */
export function relativeError(layer: GoldenLayer, kept: ArrayLike<number>): number {
  const error = Float64Array.from(layer.weight, (w, i) => w - kept[i]!);
  return energy(error, layer) / energy(Float64Array.from(layer.weight), layer);
}

function energy(values: Float64Array, { gram, K }: GoldenLayer): number {
  let sum = 0;
  for (let row = 0; row < values.length; row += K) {
    for (let i = 0; i < K; i++) {
      let inner = 0;
      for (let j = 0; j < K; j++) inner += gram[i * K + j]! * values[row + j]!;
      sum += values[row + i]! * inner;
    }
  }
  return sum;
}

/** The rule of the golden: unsigned codes, `2 max|w| / (2^b - 1)` if symmetric, half to even. */
export const paperRule = (bits: number, symmetric: boolean): GptqRule => {
  const top = 2 ** bits - 1;
  return {
    parameters(low, high) {
      const extreme = Math.max(-low, high);
      if (extreme === 0) return { scale: 2 / top, zeroPoint: symmetric ? (top + 1) / 2 : 0 };
      // A symmetric block of one sign spans from 0 on.
      const min = symmetric ? (low < 0 ? -extreme : 0) : low;
      const scale = ((symmetric ? extreme : high) - min) / top;
      return { scale, zeroPoint: symmetric ? (top + 1) / 2 : roundHalfEven(-min / scale) };
    },
    code: ({ scale, zeroPoint }, w) => clamp(roundHalfEven(w / scale) + zeroPoint, 0, top),
  };
};
