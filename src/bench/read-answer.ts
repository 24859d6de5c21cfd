/** What the outputs of one input say, in the terms of the model's readout. */
import type { Readout } from '../dataset/readout.ts';
import type { Feeds } from '../dataset/rows.ts';
import type { Choice, Reading } from '../report/trial.ts';
import { sameAnswers } from './answers.ts';
import { Closeness } from './closeness.ts';
import { topShares } from './next-token.ts';
import { floatsOf, type Outputs, type OutputTensor } from './outputs.ts';
import { cosineOf, embeddingIn, numberIn } from './read-row.ts';

/** Classes that are told; all of a few, and of labels that stand each for itself. */
const TOLD = 5;
const ALL_OF = 12;
const ALL_LABELS_OF = 64;
/** Shares that add up to more or less are no choice of one. */
const SUM_SLACK = 0.01;

export interface ReadTerms {
  readonly readout: Readout;
  readonly labels: readonly string[];
  /** Each class is a yes or no of its own. */
  readonly multiLabel: boolean;
}

/** One input's feeds and outputs; two where two texts are embedded. */
export interface Ran {
  readonly feeds: readonly Feeds[];
  readonly outputs: readonly Outputs[];
}

/**
 * - `original` — what the original gave to the same input; null for the original itself
 */
export function readAnswer(ran: Ran, original: Ran | null, terms: ReadTerms): Reading {
  const { readout } = terms;
  const [outputs = {}] = ran.outputs;
  const number = numberIn(outputs, readout);
  if (number !== null) return { kind: 'number', value: number };
  const similarity = similarityOf(ran, readout);
  if (similarity !== null) return { kind: 'similarity', cosine: similarity };
  const answer = readout.answer ? outputs[readout.answer.name] : undefined;
  const width = answer?.dims.at(-1) ?? 0;
  const single = answer && width > 0 && answer.data.length === width;
  if (single) return classesOf(answer, original?.outputs[0] ?? null, terms);
  return closenessOf(outputs, original?.outputs[0] ?? null, readout);
}

function similarityOf({ feeds, outputs }: Ran, { embedding }: Readout): number | null {
  if (!embedding || outputs.length !== 2) return null;
  const [first, second] = outputs.map((one, index) => {
    const mask = embedding.mask ? (feeds[index]?.[embedding.mask]?.data ?? null) : null;
    return embeddingIn(one, embedding, mask);
  });
  return first && second && first.length === second.length ? cosineOf(first, second) : null;
}

function classesOf(output: OutputTensor, original: Outputs | null, terms: ReadTerms): Reading {
  const { readout, multiLabel } = terms;
  const { name = '', logits = false } = readout.answer ?? {};
  const values = floatsOf(output) ?? new Float32Array(0);
  const before = original?.[name] ? floatsOf(original[name]) : null;
  const isChoice = logits ? !multiLabel : !multiLabel && Math.abs(sumOf(values) - 1) < SUM_SLACK;
  const count = values.length <= (isChoice ? ALL_OF : ALL_LABELS_OF) ? values.length : TOLD;
  const told = before ? topShares(before, count).map(({ index }) => index) : [];
  const shares = topShares(values, count, told).map(({ index, share }): Choice => {
    const value = values[index] ?? Number.NaN;
    const own = logits && multiLabel ? 1 / (1 + Math.exp(-value)) : value;
    const label = terms.labels[index] ?? `class ${index}`;
    return { index, label, share: logits && !multiLabel ? share : own };
  });
  return { kind: 'classes', choices: shares, of: values.length, exclusive: isChoice };
}

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

function closenessOf(outputs: Outputs, original: Outputs | null, { answer }: Readout): Reading {
  const shapes = Object.entries(outputs).map(([name, { dims }]) => ({ name, dims }));
  if (!original) return { kind: 'outputs', outputs: shapes, closeness: null };
  const meter = new Closeness();
  const alike = Object.entries(original).every(
    ([name, { data }]) => outputs[name]?.data.length === data.length,
  );
  if (!alike) return { kind: 'outputs', outputs: shapes, closeness: null };
  meter.add(original, outputs);
  const wanted = answer ? original[answer.name] : undefined;
  const given = answer ? outputs[answer.name] : undefined;
  const same = wanted && given ? sameAnswers(wanted, given) : null;
  return {
    kind: 'outputs',
    outputs: shapes,
    closeness: {
      cosine: meter.cosine,
      largestDifference: meter.largestDifference,
      same: same && { count: same.same, of: same.of },
    },
  };
}
