/**
 * Running text as rows for a language model: the whole text is tokenized once, as tokenizers do it
 * for perplexity, and cut into windows that do not overlap. The shorter last window counts from 2
 * tokens, since a window's first token is not predicted.
 */
import { StudioError } from '../core/studio-error.ts';
import type { NamedBlob } from './companions.ts';
import type { TokenFeeding } from './open-tokens.ts';
import type { Role, RowSet, Rows } from './rows.ts';
import { type TokenInputs, tokenFeeds } from './token-inputs.ts';
import type { SentenceTokenizer } from './tokenizer.ts';

/** Text is tokenized when it is opened, in one piece: cutting it first would change its tokens. */
export const TEXT_LIMIT = 4 * 2 ** 20;
export const WINDOW_TOKENS = 256;

/**
 * - `windowTokens` — at least 2
 * @throws bad-dataset naming the file; too-large over 4 MiB
 */
export async function textWindows(
  { path, blob, role }: NamedBlob & { readonly role: Role },
  tokenizer: SentenceTokenizer,
  inputs: TokenInputs,
  windowTokens: number,
): Promise<RowSet> {
  const ids = tokenizer.whole(await readText(path, blob));
  if (ids.length < 2) throw bad(path, 'has fewer than two tokens. Add text to predict.');
  const last = ids.length % windowTokens;
  const count = Math.floor(ids.length / windowTokens) + (last >= 2 ? 1 : 0);
  const windowAt = (index: number): readonly number[] => {
    if (!(index >= 0 && index < count)) throw new RangeError(`window ${index} of ${count}`);
    return ids.slice(index * windowTokens, (index + 1) * windowTokens);
  };
  return {
    path,
    role,
    width: 1,
    count,
    feeds: (index) => {
      const window = windowAt(index);
      return tokenFeeds({ ids: window, types: window.map(() => 0) }, inputs, tokenizer.padId);
    },
    label: () => null,
    tokens: windowAt,
    text: () => null,
    key: (index) => windowAt(index).join(' '),
  };
}

/** Each window's first `length` tokens; the windows themselves where the graph fixes the length. */
export function cutWindows(
  windows: Rows,
  { tokenizer, inputs }: Pick<TokenFeeding, 'tokenizer' | 'inputs'>,
  length: number,
): Rows {
  if (inputs.fixedLength !== null) return windows;
  const tokens = (index: number) => windows.tokens(index)?.slice(0, length) ?? [];
  return {
    ...windows,
    tokens,
    feeds: (index) => {
      const ids = tokens(index);
      return tokenFeeds({ ids, types: ids.map(() => 0) }, inputs, tokenizer.padId);
    },
  };
}

/** UTF-8 with line ends as Python reads them: CRLF and CR become LF. */
async function readText(path: string, blob: Blob): Promise<string> {
  if (blob.size > TEXT_LIMIT) {
    throw new StudioError(
      'too-large',
      `${path} has ${blob.size} B; at most 4 MiB of running text are read. Keep a part.`,
      { detail: { file: path } },
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await blob.arrayBuffer());
  } catch {
    throw bad(path, 'is not UTF-8 text. Save it as UTF-8.');
  }
  return text.replace(/\r\n?/g, '\n');
}

const bad = (path: string, fact: string) =>
  new StudioError('bad-dataset', `${path} ${fact}`, { detail: { file: path } });
