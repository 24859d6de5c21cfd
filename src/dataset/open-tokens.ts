/** The tokenizer of a model that takes tokens. */
import type { NamedBlob } from './companions.ts';
import { type Context, unreadOf } from './opening.ts';
import { type TokenInputs, tokenInputsOf } from './token-inputs.ts';
import { openTokenizer, type SentenceTokenizer } from './tokenizer.ts';
import { tableRows } from './vocabulary.ts';

export interface TokenFeeding {
  readonly tokenizer: SentenceTokenizer;
  readonly inputs: TokenInputs;
  /** Rows of the table of embeddings; null if there is none. */
  readonly vocabulary: number | null;
  /** Where a run has a tokenizer of its own, the original's; null where it is the original's. */
  readonly original: SentenceTokenizer | null;
}

/** null where `files` cannot be fed as text, with the reason among the unread. */
export async function openTokens(
  context: Context,
  files: readonly NamedBlob[],
): Promise<TokenFeeding | null> {
  const { companions, model, config, unread } = context;
  const inputs = tokenInputsOf(model.graph.inputs);
  if (typeof inputs === 'string' || !companions.tokenizer) {
    const reason = typeof inputs === 'string' ? inputs : 'it needs the model’s tokenizer.json';
    unread.push(...unreadOf(files, reason));
    return null;
  }
  const ids = inputs.inputs.find(({ role }) => role === 'ids');
  const limits = [inputs.fixedLength, config.maxPositions].filter((limit) => limit !== null);
  const vocabulary = ids ? tableRows(model.graph, ids.name) : null;
  const tokenizer = await openTokenizer(companions.tokenizer, companions.tokenizerConfig, {
    tableRows: vocabulary,
    limit: limits.length > 0 ? Math.min(...limits) : null,
  });
  return { tokenizer, inputs, vocabulary, original: context.original };
}
