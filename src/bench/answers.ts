/** The answer that a model gives: the class or token with the largest value along the last axis. */
import type { Graph } from '../model/model.ts';
import { floatsOf, type OutputTensor } from './outputs.ts';

export interface AnswerOutput {
  readonly name: string;
  /** Unnormalized: softmax of it means something, so KL does. */
  readonly logits: boolean;
}

/** Operators that leave no logits: a softmax of their outputs would mean nothing. */
const NORMALIZING = new Set(['Softmax', 'Sigmoid', 'HardSigmoid']);

/**
 * The output to take answers from: named like logits, scores or probabilities, or as wide as there
 * are labels. null for models whose outputs are no choice (embeddings, boxes).
 */
export function answerOutputOf(
  { outputs, nodes }: Pick<Graph, 'outputs' | 'nodes'>,
  labelCount: number,
): AnswerOutput | null {
  const floats = outputs.filter(({ dtype }) => dtype?.startsWith('float') ?? true);
  const answer =
    floats.find(({ name }) => /logit/i.test(name)) ??
    floats.find(({ name }) => /score|prob|softmax/i.test(name)) ??
    floats.find(({ dims }) => labelCount > 1 && dims?.at(-1) === labelCount);
  if (!answer) return null;
  const { name } = answer;
  const maker = nodes.find((node) => node.outputs.includes(name));
  const normalized = /prob|softmax/i.test(name) || NORMALIZING.has(maker?.op ?? '');
  return { name, logits: !normalized };
}

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
