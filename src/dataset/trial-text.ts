/** Text that a person types, as a model's rows of text are made; and text that a model goes on with. */
import { StudioError } from '../core/studio-error.ts';
import type { Growing, Made, MadeInput, Maker, TextForm } from './making.ts';
import type { TokenFeeding } from './open-tokens.ts';
import type { Context, Dataset } from './opening.ts';
import type { Feeds } from './rows.ts';
import { tokenFeeds } from './token-inputs.ts';

/** As `report/` tells the page. */
const TEXT_LIMIT = 20_000;
/** Of a model that states no limit; each further token costs a run over all of them. */
const UNSTATED_WINDOW = 1024;
/** Of a window of running text, what is left for the model to go on with. */
const PROMPT_TOKENS = 48;
/** Tokens before one that decide how it reads. */
const TEXT_CONTEXT = 8;

/** A sentence, or a pair: read as one row, or embedded one by one. */
export function textTrial(feeding: TokenFeeding, { readout }: Context, rows: Dataset): Maker {
  const { tokenizer, inputs } = feeding;
  const embeds = readout.embedding !== null;
  const feed = (ids: { ids: readonly number[]; types: readonly number[] }) =>
    tokenFeeds(ids, inputs, tokenizer.padId);
  const specials = tokenizer.frame([], tokenizer.maxLength).ids.length;
  const fromTexts = (texts: readonly string[], label: number | null): Made => {
    const [text = '', pair] = texts;
    checkText(text);
    if (pair !== undefined) checkText(pair);
    const asOne = pair !== undefined && !embeds;
    const encoded = asOne ? [tokenizer.encodePair(text, pair)] : texts.map(tokenizer.encode);
    const read = encoded.reduce((sum, { ids }) => sum + ids.length, 0);
    const content = texts.reduce((sum, it) => sum + tokenizer.content(it).length, 0);
    // Nothing was cut below the limit, and of a pair the template's own tokens are not known.
    const full = encoded.some(({ ids }) => ids.length >= tokenizer.maxLength);
    const of = full ? Math.max(read, content + specials * encoded.length) : read;
    return { feeds: encoded.map(feed), texts, image: null, label, tokens: { read, of } };
  };
  return {
    form: { kind: 'text', pair: pairingOf(feeding, embeds, rows), maxTokens: tokenizer.maxLength },
    growing: null,
    make: async (input, dataset) => {
      if (input.kind === 'row') return rowOfText(input.index, dataset, fromTexts);
      if (input.kind !== 'text') return null;
      const { text, pair } = input;
      return fromTexts(pair === null || pair === '' ? [text] : [text, pair], null);
    },
  };
}

function pairingOf({ inputs }: TokenFeeding, embeds: boolean, rows: Dataset): TextForm['pair'] {
  if (embeds) return 'always';
  if (rows.evaluation.count > 0 && rows.evaluation.text(0) !== null) {
    return rows.evaluation.sides?.(0) ? 'always' : 'none';
  }
  return inputs.inputs.some(({ role }) => role === 'types') ? 'optional' : 'none';
}

/** The row is fed as the data set feeds it; its texts are told. */
async function rowOfText(
  index: number,
  { evaluation, task }: Dataset,
  fromTexts: (texts: readonly string[], label: number | null) => Made,
): Promise<Made | null> {
  if (task === 'pairs') {
    const first = 2 * index;
    const texts = [evaluation.text(first) ?? '', evaluation.text(first + 1) ?? ''];
    const feeds = [await evaluation.feeds(first), await evaluation.feeds(first + 1)];
    return { ...fromTexts(texts, evaluation.label(first)), feeds };
  }
  const text = evaluation.text(index);
  if (text === null) return null;
  const texts = evaluation.sides?.(index) ?? [text];
  const made = fromTexts(texts, evaluation.label(index));
  return { ...made, feeds: [await evaluation.feeds(index)] };
}

/** A text before its next token; a row is the beginning of a window of running text. */
export function continuationTrial(
  feeding: TokenFeeding,
  { config }: Context,
  { originalIds }: Dataset,
): Maker {
  const { tokenizer } = feeding;
  const growing = { ...growingOf(feeding, config.endIds), ...(originalIds && { originalIds }) };
  const { fixedLength } = feeding.inputs;
  const maxTokens = fixedLength ?? tokenizer.limit ?? UNSTATED_WINDOW;
  return {
    form: { kind: 'continuation', maxTokens },
    growing,
    make: async (input, dataset) => {
      const text = textFor(input, dataset, (ids) => tokenizer.decode(ids));
      if (text === null) return null;
      const ids = growing.start(text);
      if (ids.length === 0) {
        throw new StudioError('bad-dataset', 'The text is empty. Type what comes before.');
      }
      const read = Math.min(ids.length, maxTokens);
      return {
        feeds: [growing.feeds(ids).feeds],
        ...{ texts: [text], image: null, label: null, tokens: { read, of: ids.length } },
      };
    },
  };
}

function textFor(
  input: MadeInput,
  { evaluation }: Dataset,
  decode: (ids: readonly number[]) => string,
): string | null {
  if (input.kind === 'text') return input.text;
  if (input.kind !== 'row') return null;
  const window = evaluation.tokens(input.index);
  return window ? decode(window.slice(0, PROMPT_TOKENS)) : evaluation.text(input.index);
}

function growingOf({ tokenizer, inputs }: TokenFeeding, endIds: readonly number[]): Growing {
  const window = inputs.fixedLength ?? tokenizer.limit ?? UNSTATED_WINDOW;
  return {
    endIds,
    start: (text) => {
      checkText(text);
      // What the template puts after a text would end it.
      const content = tokenizer.content(text);
      const before = startOf(tokenizer.whole(text), content);
      return [...before, ...content];
    },
    feeds: (ids) => {
      const read = ids.slice(-window);
      const tokens = { ids: read, types: read.map(() => 0) };
      const feeds: Feeds = tokenFeeds(tokens, inputs, tokenizer.padId);
      return { feeds, last: read.length - 1 };
    },
    textOf: (before, id) => {
      const context = before.slice(-TEXT_CONTEXT);
      const [shorter, longer] = [tokenizer.decode(context), tokenizer.decode([...context, id])];
      let same = 0;
      while (same < shorter.length && shorter[same] === longer[same]) same++;
      return longer.slice(same).replace(/\ufffd+$/, '');
    },
  };
}

/** Special tokens before `content`. */
function startOf(whole: readonly number[], content: readonly number[]): readonly number[] {
  const most = whole.length - content.length;
  for (let start = 0; start <= most; start++) {
    if (content.every((id, index) => whole[start + index] === id)) return whole.slice(0, start);
  }
  return [];
}

function checkText(text: string): void {
  if (text.length <= TEXT_LIMIT) return;
  throw new StudioError(
    'too-large',
    `The text has ${text.length} characters; at most ${TEXT_LIMIT} are tried. Shorten it.`,
  );
}
