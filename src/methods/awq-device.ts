import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { clipByOutput } from './awq-clips.ts';
import { drive } from './drive.ts';
import { layerError } from './layer-error.ts';

/** Errors of outputs of a layer whose inputs have one Gram matrix. */
export interface LayerErrors extends Disposable {
  /**
   * `layerError`.
   * - `rows` — float32 [n, K]: some of the rows of W - Ŵ, as from `rowChunks`
   * @throws device-lost, out-of-memory, gpu-failed; the signal's reason when it aborts
   */
  of(rows: Float32Array<ArrayBuffer>, signal: AbortSignal): Promise<number>;
}

/** Where AWQ's searches are done. Errors may differ in their last bits, and so what is chosen by them. */
export interface AwqDevice {
  /**
   * - `gram` — float32 [K, K], symmetric, finite; not changed while errors are asked for
   * @throws device-lost, out-of-memory, gpu-failed
   */
  layerErrors(gram: Float32Array<ArrayBuffer>, K: number): Promise<LayerErrors>;
  /**
   * `clipByOutput`.
   * @throws device-lost, out-of-memory, gpu-failed; the signal's reason when it aborts
   */
  clip(
    values: Float32Array<ArrayBuffer>,
    spec: QuantizeSpec,
    gram: Float32Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** The reference on this thread. */
export class CpuAwq implements AwqDevice {
  readonly clip = clipByOutput;

  async layerErrors(gram: Float32Array<ArrayBuffer>, K: number): Promise<LayerErrors> {
    return {
      of: (rows, signal) => drive(errorInSteps(rows, gram, K), signal),
      [Symbol.dispose]: () => {},
    };
  }
}

/** `layerError` of four rows a step, as many as it takes at once. */
function* errorInSteps(
  rows: Float32Array,
  gram: Float32Array,
  K: number,
): Generator<number, number> {
  let sum = 0;
  for (let start = 0; start < rows.length; start += 4 * K) {
    sum += layerError(rows.subarray(start, start + 4 * K), gram, K);
    yield start / rows.length;
  }
  return sum;
}
