/** What a person is told of the token that comes next. */
import { nextLogits, topShares } from '../bench/next-token.ts';
import type { Ran } from '../bench/read-answer.ts';
import type { Growing, Made } from '../dataset/making.ts';
import type { Trial } from '../dataset/trial.ts';
import type { Choice, Reading } from '../report/trial.ts';

/** Likeliest tokens that are told. */
const TOLD_TOKENS = 8;

/** The `count` likeliest tokens after `ids`, and those of `also`. */
export const tokenChoices = (
  logits: Float32Array,
  growing: Growing,
  ids: readonly number[],
  count: number,
  also: readonly number[] = [],
): readonly Choice[] =>
  topShares(logits, count, also).map(({ index, share }) => ({
    ...{ index, share },
    label: growing.textOf(ids, index),
  }));

export type ReadNext = (ran: Ran, original: Ran | null) => Reading | null;

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
    const before = original?.outputs[0] ? nextLogits(original.outputs[0], name, last) : null;
    const also = before ? topShares(before, TOLD_TOKENS).map(({ index }) => index) : [];
    const choices = tokenChoices(logits, growing, ids, TOLD_TOKENS, also);
    return { kind: 'next-token', choices, of: logits.length };
  };
}
