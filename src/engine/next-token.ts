/** What a person is told of the token that comes next. */
import { nextLogits, topShares } from '../bench/next-token.ts';
import type { Ran } from '../bench/read-answer.ts';
import type { Growing, Made } from '../dataset/making.ts';
import type { Trial } from '../dataset/trial.ts';
import type { Choice, Reading } from '../report/trial.ts';

/** Likeliest tokens that are told. */
const TOLD_TOKENS = 8;

/**
 * The `count` likeliest tokens after `ids`, and those of `also`; told by the original's ids.
 * - `also` — own ids
 */
export const tokenChoices = (
  logits: Float32Array,
  growing: Growing,
  ids: readonly number[],
  count: number,
  also: readonly number[] = [],
): readonly Choice[] =>
  topShares(logits, count, also).map(({ index, share }) => ({
    ...{ index: originalId(growing, index), share },
    label: growing.textOf(ids, index),
  }));

/** By which tokens of models with tokenizers of their own are compared. */
export const originalId = ({ originalIds }: Growing, id: number): number =>
  originalIds ? (originalIds[id] ?? -1) : id;

/** - `original` — the choices that are told of the original; none for the original itself */
export type ReadNext = (ran: Ran, original: readonly Choice[]) => Reading | null;

/**
 * Reads the token after the text of `made`: null for outputs that have none. null where the model
 * predicts no tokens, and for rows without a text, after which nothing comes.
 */
export function nextTokenReader({ growing, readout }: Trial, { texts }: Made): ReadNext | null {
  const [text] = texts ?? [];
  if (!growing || !readout.answer || text === undefined) return null;
  const { name } = readout.answer;
  const ids = growing.start(text);
  const { last } = growing.feeds(ids);
  return (ran, original) => {
    const logits = nextLogits(ran.outputs[0] ?? {}, name, last);
    if (!logits) return null;
    const also = original.flatMap(({ index }) => ownId(growing, index));
    const choices = tokenChoices(logits, growing, ids, TOLD_TOKENS, also);
    return { kind: 'next-token', choices, of: logits.length };
  };
}

/** None where the run has no such token. */
function ownId({ originalIds }: Growing, id: number): number[] {
  const own = originalIds ? originalIds.indexOf(id) : id;
  return own < 0 ? [] : [own];
}
