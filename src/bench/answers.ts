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

/**
 * How many answers of two outputs are the same, and of how many. Of several positions those count
 * as the same at which `wanted` gives both choices probabilities within `tie` of each other.
 */
export function sameAnswers(
  wanted: OutputTensor,
  given: OutputTensor,
  tie = 0,
): { readonly same: number; readonly of: number } {
  const [a, b] = [answersOf(wanted), answersOf(given)];
  const of = Math.max(a.length, b.length);
  if (a.length !== b.length) return { same: 0, of };
  const values = tie > 0 && of > 1 ? floatsOf(wanted) : null;
  const width = wanted.dims.at(-1) ?? 1;
  let same = 0;
  for (const [position, choice] of a.entries()) {
    const other = b[position] ?? -1;
    const row = values?.subarray(position * width, (position + 1) * width);
    if (choice === other || (row && choice >= 0 && other >= 0 && isTie(row, choice, other, tie))) {
      same++;
    }
  }
  return { same, of };
}

/** softmax of the largest logit minus that of another is at most `tie`. */
function isTie(logits: Float32Array, largest: number, other: number, tie: number): boolean {
  const top = logits[largest] ?? 0;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - top);
  return (1 - Math.exp((logits[other] ?? 0) - top)) / sum <= tie;
}
