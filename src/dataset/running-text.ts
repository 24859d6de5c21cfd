/**
 * Running text as rows for a language model: the whole text is tokenized once, as tokenizers do it
 * for perplexity, and cut into windows that do not overlap. The shorter last window counts from 2
 * tokens, since a window's first token is not predicted.
 */
import { StudioError } from '../core/studio-error.ts';
import { alignTokens, placesOf } from './align-tokens.ts';
import type { NamedBlob } from './companions.ts';
import type { TokenFeeding } from './open-tokens.ts';
import type { Role, RowSet, Rows, TokenPlaces } from './rows.ts';
import { tokenFeeds } from './token-inputs.ts';
import type { SentenceTokenizer } from './tokenizer.ts';

/** Text is tokenized when it is opened, in one piece: cutting it first would change its tokens. */
export const TEXT_LIMIT = 4 * 2 ** 20;
export const WINDOW_TOKENS = 256;

/**
 * Windows of a run's own tokens have the text of the original's, as far as both split it at the same
 * places: a token across the end of a window goes into the next one.
 * - `windowTokens` — at least 2; of the original's tokens
 * @throws bad-dataset naming the file; too-large over 4 MiB; bad-tokenizer where a run's tokens do
 * not spell the text, or where a window of them is longer than the model reads
 */
export async function textWindows(
  { path, blob, role }: NamedBlob & { readonly role: Role },
  feeding: TokenFeeding,
  windowTokens: number,
): Promise<RowSet> {
  const { tokenizer, original } = feeding;
  const text = await readText(path, blob);
  const ids = (original ?? tokenizer).whole(text);
  if (ids.length < 2) throw bad(path, 'has fewer than two tokens. Add text to predict.');
  const last = ids.length % windowTokens;
  const count = Math.floor(ids.length / windowTokens) + (last >= 2 ? 1 : 0);
  const spanOf = (index: number): readonly [start: number, end: number] => {
    if (!(index >= 0 && index < count)) throw new RangeError(`window ${index} of ${count}`);
    return [index * windowTokens, Math.min(ids.length, (index + 1) * windowTokens)];
  };
  const own = original && ownTokens(path, text, { original, ids }, feeding);
  const windowAt = (index: number): Window => {
    const [start, end] = spanOf(index);
    return own ? own.between(start, end) : { tokens: ids.slice(start, end), places: null };
  };
  if (own) {
    const rows = Array.from({ length: count }, (_, index) => windowAt(index));
    checkLengths(path, rows, feeding);
  }
  return {
    path,
    role,
    width: 1,
    count,
    feeds: (index) => feedsOf(windowAt(index).tokens, feeding),
    label: () => null,
    tokens: (index) => windowAt(index).tokens,
    places: (index) => windowAt(index).places,
    text: () => null,
    key: (index) => ids.slice(...spanOf(index)).join(' '),
  };
}

interface Window {
  readonly tokens: readonly number[];
  readonly places: TokenPlaces | null;
}

/** The text in a run's own tokens, by places among the original's. */
function ownTokens(
  path: string,
  text: string,
  { original, ids }: { readonly original: SentenceTokenizer; readonly ids: readonly number[] },
  { tokenizer, inputs: { fixedLength } }: TokenFeeding,
) {
  const own = tokenizer.whole(text);
  const ends = alignTokens(original.spell(ids), tokenizer.spell(own));
  if (ends.at(-1) !== own.length - 1) throw spelledOtherwise(path);
  /** Own tokens before place `at`; one that goes on across it is after it. */
  const before = (at: number): number => {
    let place = at;
    while (place > 0 && ends[place - 1] === -1) place--;
    return place > 0 ? (ends[place - 1] ?? -1) + 1 : 0;
  };
  return {
    between: (start: number, end: number): Window => {
      const first = before(start);
      const within = ends.slice(start, end).map((at) => (at < 0 ? -1 : at - first));
      const tokens = own.slice(first, before(end));
      return { tokens, places: placesOf(within, tokens.length, fixedLength) };
    },
  };
}

function checkLengths(
  path: string,
  windows: readonly Window[],
  { tokenizer, inputs }: TokenFeeding,
): void {
  const most = Math.min(
    inputs.fixedLength ?? Number.POSITIVE_INFINITY,
    tokenizer.limit ?? Number.POSITIVE_INFINITY,
  );
  const longest = windows.reduce((length, { tokens }) => Math.max(length, tokens.length), 0);
  if (windows.some(({ tokens }) => tokens.length === 0)) throw spelledOtherwise(path);
  if (longest <= most) return;
  const fact = `a window of ${path} takes ${longest}, and the model reads at most ${most}`;
  throw unfit(path, fact);
}

const spelledOtherwise = (path: string) =>
  unfit(path, `${path} is spelled otherwise, so its windows cannot be compared`);

const unfit = (path: string, fact: string) =>
  new StudioError(
    'bad-tokenizer',
    `With fewer tokens ${fact}. Remove the step that trims the vocabulary.`,
    { detail: { file: path } },
  );

const feedsOf = (ids: readonly number[], { tokenizer, inputs }: TokenFeeding) =>
  tokenFeeds({ ids, types: ids.map(() => 0) }, inputs, tokenizer.padId);

/** Each window's first `length` tokens; the windows themselves where the graph fixes the length. */
export function cutWindows(windows: Rows, feeding: TokenFeeding, length: number): Rows {
  if (feeding.inputs.fixedLength !== null) return windows;
  const places = (index: number): TokenPlaces | null => {
    const ends = windows.places?.(index)?.ends.slice(0, length);
    return ends ? placesOf(ends, (ends.findLast((at) => at >= 0) ?? -1) + 1, null) : null;
  };
  const tokens = (index: number) =>
    windows.tokens(index)?.slice(0, places(index)?.length ?? length) ?? [];
  return { ...windows, tokens, places, feeds: (index) => feedsOf(tokens(index), feeding) };
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
