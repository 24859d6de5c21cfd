/** The answer that a model gives: the class or token with the largest value along the last axis. */
import { floatsOf, type OutputTensor } from './outputs.ts';

/**
 * Index of the largest value along the last axis for each position, the first among equals as in
 * `numpy.argmax`; −1 where a value is not a number.
 */
export function answersOf(output: OutputTensor): Int32Array {
  const values = floatsOf(output) ?? new Float32Array(0);
  const width = output.dims.at(-1) ?? 1;
  const count = width > 0 ? Math.floor(values.length / width) : 0;
  return Int32Array.from({ length: count }, (_, position) =>
    argmax(values.subarray(position * width, (position + 1) * width)),
  );
}

function argmax(values: Float32Array): number {
  let best = -1;
  let largest = Number.NEGATIVE_INFINITY;
  for (const [index, value] of values.entries()) {
    if (Number.isNaN(value)) return -1;
    if (value > largest || best < 0) {
      largest = value;
      best = index;
    }
  }
  return best;
}

export const sameAnswers = (a: Int32Array, b: Int32Array): boolean =>
  a.length === b.length && a.every((answer, position) => answer === b[position]);
