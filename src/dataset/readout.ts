/** What a model's outputs are read as: a choice, one number, an embedding, or nothing but values. */
import type { Graph, ValueInfo } from '../model/model.ts';

export interface AnswerOutput {
  readonly name: string;
  /** Unnormalized: softmax of it means something, so KL does. */
  readonly logits: boolean;
}

export interface EmbeddingOutput {
  readonly name: string;
  /** One vector a token: their mean over the tokens that are not masked is the row's. */
  readonly perToken: boolean;
  /** The input that says which tokens count; null if there is none. */
  readonly mask: string | null;
}

export interface Readout {
  /** The largest value along its last axis is the answer; null if no output is a choice. */
  readonly answer: AnswerOutput | null;
  /** The output that is one number a row; null if none is. */
  readonly number: string | null;
  readonly embedding: EmbeddingOutput | null;
  /** Float outputs that are not read; fidelity compares them too. */
  readonly others: readonly string[];
}

export const NO_READOUT: Readout = { answer: null, number: null, embedding: null, others: [] };

/** Operators that leave no logits: a softmax of their outputs would mean nothing. */
const NORMALIZING = new Set(['Softmax', 'Sigmoid', 'HardSigmoid']);

type Outputs = Pick<Graph, 'inputs' | 'outputs' | 'nodes'>;

/**
 * - `labelCount` — classes that config.json names
 * - `isRegression` — config.json says that the model gives a number
 * - `chosen` — the output that the person chose; null leaves it to the names
 */
export function readoutOf(
  graph: Outputs,
  labelCount: number,
  isRegression: boolean,
  chosen: string | null,
): Readout {
  const floats = graph.outputs.filter(({ dtype }) => dtype?.startsWith('float') ?? true);
  const picked = floats.filter(({ name }) => name === chosen);
  const candidates = picked.length > 0 ? picked : floats;
  const embeds = picked.some(({ name }) => /embed|hidden_state/i.test(name));
  const answer =
    answerOutputOf({ outputs: candidates, nodes: graph.nodes }, labelCount) ??
    (picked[0] && !embeds ? answerFrom(picked[0], graph.nodes) : null);
  const width = widthOf(candidates.find(({ name }) => name === answer?.name));
  const number = isRegression || width === 1 ? numberOutputOf(candidates, answer) : null;
  const choice = number === null ? answer : null;
  const embedding = choice || number !== null ? null : embeddingOf(candidates, graph.inputs);
  const read = choice?.name ?? number ?? embedding?.name;
  return {
    answer: choice,
    number,
    embedding,
    others: floats.map(({ name }) => name).filter((name) => name !== read),
  };
}

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
  return answer ? answerFrom(answer, nodes) : null;
}

function answerFrom({ name }: ValueInfo, nodes: Graph['nodes']): AnswerOutput {
  const maker = nodes.find((node) => node.outputs.includes(name));
  const normalized = /prob|softmax/i.test(name) || NORMALIZING.has(maker?.op ?? '');
  return { name, logits: !normalized };
}

const widthOf = (output: ValueInfo | undefined): number | null => {
  const last = output?.dims?.at(-1);
  return typeof last === 'number' ? last : null;
};

function numberOutputOf(outputs: readonly ValueInfo[], answer: AnswerOutput | null): string | null {
  return answer?.name ?? outputs.find((output) => widthOf(output) === 1)?.name ?? null;
}

/** A pooled embedding by its name, else a vector a token, else a matrix of one vector a row. */
function embeddingOf(
  outputs: readonly ValueInfo[],
  inputs: readonly ValueInfo[],
): EmbeddingOutput | null {
  const rank = ({ dims }: ValueInfo) => dims?.length ?? null;
  const output =
    outputs.find((it) => /embed/i.test(it.name) && rank(it) === 2) ??
    outputs.find((it) => /hidden_state|token_embed|embed/i.test(it.name) && rank(it) === 3) ??
    outputs.find((it) => rank(it) === 2 && (widthOf(it) ?? 2) > 1);
  if (!output) return null;
  const mask = inputs.find(({ name }) => /mask/i.test(name))?.name ?? null;
  return { name: output.name, perToken: rank(output) === 3, mask };
}
