/** One input of a stated shape, for timing: every repetition and both models get the same. */
import type { Feeds, FeedTensor, Rows } from './rows.ts';
import { type TokenInputs, tokenFeeds } from './token-inputs.ts';
import type { SentenceTokenizer } from './tokenizer.ts';

/** Tokens of the timed text where nothing else is asked. */
export const LATENCY_TOKENS = 32;

export interface LatencyInput {
  readonly feeds: Feeds;
  /** "1 × 32 tokens", "1 × 1 × 28 × 28". */
  readonly description: string;
}

/** Real words from the rows, joined and cut to exactly `length` tokens, all of them unmasked. */
export function tokenLatencyInput(
  rows: Rows,
  tokenizer: SentenceTokenizer,
  inputs: TokenInputs,
  length: number,
): LatencyInput {
  const wanted = inputs.fixedLength ?? Math.min(length, tokenizer.maxLength);
  const content: number[] = [];
  for (let index = 0; index < rows.count && content.length < wanted; index++) {
    // One by one: a long row has more tokens than a call may have arguments.
    for (const id of tokenizer.content(rows.text(index) ?? '')) content.push(id);
  }
  const found = content.length;
  while (found > 0 && content.length < wanted) content.push(content[content.length % found] ?? 0);
  const tokens = tokenizer.frame(content, wanted);
  const feeds = tokenFeeds(tokens, inputs, tokenizer.padId);
  return { feeds, description: `1 × ${inputs.fixedLength ?? tokens.ids.length} tokens` };
}

/** The first window's tokens, repeated or cut to exactly `length`. */
export function windowLatencyInput(
  rows: Rows,
  tokenizer: SentenceTokenizer,
  inputs: TokenInputs,
  length: number = LATENCY_TOKENS,
): LatencyInput {
  const window = rows.count > 0 ? (rows.tokens(0) ?? []) : [];
  const wanted = inputs.fixedLength ?? Math.min(length, tokenizer.limit ?? length);
  const ids = Array.from({ length: wanted }, (_, at) => window[at % window.length] ?? 0);
  const feeds = tokenFeeds({ ids, types: ids.map(() => 0) }, inputs, tokenizer.padId);
  return { feeds, description: `1 × ${wanted} tokens` };
}

/** `feeds` as they are, described by the input with the most elements. */
export function plainLatencyInput(feeds: Feeds, sequences: boolean): LatencyInput {
  const largest = Object.values(feeds).reduce((most: FeedTensor | null, tensor) => {
    return most && most.data.length >= tensor.data.length ? most : tensor;
  }, null);
  const shape = (largest?.dims ?? [1]).join(' × ');
  const tokens = sequences && largest?.dims.length === 2 && /^u?int/.test(largest.dtype);
  return { feeds, description: tokens ? `${shape} tokens` : shape };
}
