/**
 * Text to token ids by a folder's `tokenizer.json`, cut at a limit as Hugging Face's tokenizers
 * cut it (content from the right, special tokens kept).
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { parseJson } from '../core/json-syntax.ts';
import { StudioError } from '../core/studio-error.ts';
import { countOf, objectOf } from './config.ts';
import { findRiskyPattern } from './risky-pattern.ts';
import { frameOf, pairFrameOf } from './token-frame.ts';
import type { Tokens } from './token-inputs.ts';
import { affixesOf, withoutAffixes } from './trim-token-model.ts';
import { countIds } from './trim-tokenizer.ts';

const FILE_LIMIT = 64 * 2 ** 20;
/** Where neither the tokenizer nor the model limits the length. */
const DEFAULT_LENGTH = 512;

export interface SentenceTokenizer {
  /** Tokens of a row at most, special tokens included. */
  readonly maxLength: number;
  readonly padId: number;
  /** Tokens at most, as the files say; null if they do not. */
  readonly limit: number | null;
  /** @throws bad-tokenizer if an id is missing or not in the model's table */
  encode(text: string): Tokens;
  /** Two texts as one row, the longer one cut first. @throws as `encode`, or without a template */
  encodePair(text: string, textPair: string): Tokens;
  /** Special tokens around `content` ids, cut to `length` in all. */
  frame(content: readonly number[], length: number): Tokens;
  /** Ids without special tokens, uncut. */
  content(text: string): number[];
  /** Ids with the special tokens of a text alone, uncut: as perplexity is measured. */
  whole(text: string): number[];
  /** The text that ids stand for, special tokens by their names. */
  decode(ids: readonly number[]): string;
  /** How many ids the file lists. */
  idCount(): number;
  /** As the table has it; null for an id that has none. */
  tokenOf(id: number): string | null;
  /** null for a token that is not in the table. */
  idOf(token: string): number | null;
  /** The characters of a text that each id stands for, as the table spells them; null for none. */
  spell(ids: readonly number[]): (string | null)[];
}

interface NamedFile {
  readonly path: string;
  readonly blob: Blob;
}

/**
 * - `tableRows` — rows of the model's embedding: ids must be below; null if unknown
 * - `limit` — the model's own limit in tokens; null if unknown
 * @throws bad-tokenizer naming the file and what is wrong with it
 */
export async function openTokenizer(
  tokenizerFile: NamedFile,
  configFile: NamedFile | null,
  { tableRows, limit }: { tableRows: number | null; limit: number | null },
): Promise<SentenceTokenizer> {
  const { path } = tokenizerFile;
  const json = await readObject(tokenizerFile);
  const config = configFile ? await readObject(configFile) : {};
  const tokenizer = build(path, json, config);
  const prepare = preparation(json);

  const ids = (text: string, special: boolean): number[] => {
    const encoded = attempt(path, () =>
      tokenizer.encode(prepare(text), { add_special_tokens: special }),
    ).ids;
    const known = (id: number) => isId(id) && id < (tableRows ?? Number.POSITIVE_INFINITY);
    if (encoded.every(known)) return encoded;
    const wrong = encoded.find((id) => !known(id));
    const fact = isId(wrong)
      ? `gives the id ${wrong}, but the model's table has ${tableRows} rows`
      : 'has no id for a piece of the text and no unknown token';
    throw bad(path, `${fact}. Drop the tokenizer.json that was exported with this model.`);
  };

  const tokenOf = (id: number) => tokenizer.id_to_token(id) ?? null;
  const affixes = affixesOf(objectOf(json['model']) ?? {});
  let pairFrame: ReturnType<typeof pairFrameOf> | undefined;
  const frame = frameOf(ids('a', false), ids('a', true), typesOf(path, tokenizer));
  const cut = countOf(objectOf(json['truncation'])?.['max_length']);
  const limits = [countOf(config['model_max_length']) ?? cut, limit].filter((l) => l !== null);
  const least = limits.length > 0 ? Math.min(...limits) : null;
  const maxLength = least ?? DEFAULT_LENGTH;
  return {
    maxLength,
    limit: least,
    padId: padIdOf(tokenizer, json, config),
    content: (text) => ids(text, false),
    whole: (text) => ids(text, true),
    decode: (all) =>
      all.length === 0
        ? ''
        : attempt(path, () =>
            tokenizer.decode([...all], {
              skip_special_tokens: false,
              clean_up_tokenization_spaces: false,
            }),
          ),
    idCount: () => countIds(json),
    tokenOf,
    idOf: (token) => tokenizer.token_to_id(token) ?? null,
    spell: (all) =>
      all.map((id) => {
        const token = tokenOf(id);
        return token === null ? null : withoutAffixes(token, affixes);
      }),
    frame: (content, length) => frame(content, length),
    encode: (text) => frame(ids(text, false), maxLength),
    encodePair: (text, textPair) => {
      pairFrame ??= pairFrameOf(ids('a', false), examplePair(path, tokenizer));
      if (!pairFrame) throw bad(path, 'has no template for pairs of texts.');
      return pairFrame(ids(text, false), ids(textPair, false), maxLength);
    },
  };
}

function build(path: string, json: Record<string, unknown>, config: Record<string, unknown>) {
  const model = objectOf(json['model']);
  if (!model) throw bad(path, 'has no "model". Take the tokenizer.json of the export.');
  const added = json['added_tokens'] ?? [];
  if (!Array.isArray(added) || !added.every(isAddedToken)) {
    throw bad(path, 'has a wrong "added_tokens". Take the tokenizer.json of the export.');
  }
  const risky = findRiskyPattern([json['normalizer'], json['pre_tokenizer']]);
  if (risky !== null) {
    const shown = `"${risky.slice(0, 60)}"`;
    throw bad(path, `splits by ${shown}, which may never end. Take the file of the export.`);
  }
  return attempt(path, () => new Tokenizer({ added_tokens: [], ...withDefaults(json) }, config));
}

/** The library walks through the text of a token whatever it is, and never comes to an end. */
function isAddedToken(value: unknown): boolean {
  const token = objectOf(value);
  return typeof token?.['content'] === 'string' && isId(token['id']);
}

/** The library wants every section to be there; a file may leave out the empty ones. */
const withDefaults = (json: Record<string, unknown>) => ({
  decoder: null,
  post_processor: null,
  pre_tokenizer: null,
  normalizer: null,
  ...json,
});

function attempt<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError(
      'bad-tokenizer',
      `${path} cannot be used (${reason}). Drop the tokenizer.json of the model's export.`,
      { cause, detail: { file: path } },
    );
  }
}

function typesOf(path: string, tokenizer: Tokenizer): readonly number[] {
  const types = attempt(path, () => tokenizer.encode('a', { return_token_type_ids: true }));
  const numbers = types.token_type_ids ?? [];
  if (numbers.every(isId)) return numbers;
  throw bad(path, 'gives token types that are no numbers. Take the file of the export.');
}

/** The ids and token types of the pair ("a", "a"). */
function examplePair(path: string, tokenizer: Tokenizer): Tokens {
  const options = { text_pair: 'a', return_token_type_ids: true } as const;
  const { ids, token_type_ids: types = [] } = attempt(path, () => tokenizer.encode('a', options));
  return { ids, types };
}

const isId = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;

/** Ideographs beyond the first plane, which BERT's normalizer sets apart as it does the others. */
const HIGH_IDEOGRAPHS =
  /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/**
 * Text as the library must be given it to agree with Hugging Face's Rust code: that one lowers
 * each letter alone (JavaScript turns a word's last Σ into ς) and sees ideographs of every plane.
 */
function preparation(json: Record<string, unknown>): (text: string) => string {
  const steps = normalizersIn(json['normalizer'], 0);
  const lowers = steps.some(
    (step) =>
      step['type'] === 'Lowercase' || (step['type'] === 'BertNormalizer' && step['lowercase']),
  );
  const spreads = steps.some(
    (step) => step['type'] === 'BertNormalizer' && step['handle_chinese_chars'],
  );
  return (text) => {
    const lowered = lowers ? text.replaceAll('Σ', 'σ') : text;
    return spreads ? lowered.replace(HIGH_IDEOGRAPHS, ' $& ') : lowered;
  };
}

function normalizersIn(value: unknown, depth: number): Record<string, unknown>[] {
  const step = objectOf(value);
  if (!step || depth > 8) return [];
  const inner = Array.isArray(step['normalizers']) ? step['normalizers'] : [];
  return [step, ...inner.flatMap((one) => normalizersIn(one, depth + 1))];
}

function padIdOf(
  tokenizer: Tokenizer,
  json: Record<string, unknown>,
  config: Record<string, unknown>,
): number {
  const padding = objectOf(json['padding'])?.['pad_id'];
  if (isId(padding)) return Number(padding);
  const token = objectOf(config['pad_token'])?.['content'] ?? config['pad_token'];
  const id = typeof token === 'string' ? tokenizer.token_to_id(token) : undefined;
  return isId(id) ? Number(id) : 0; // masked: any id of the table will do
}

async function readObject({ path, blob }: NamedFile): Promise<Record<string, unknown>> {
  if (blob.size > FILE_LIMIT) throw bad(path, `has ${blob.size} B; at most 64 MiB are read.`);
  const value = objectOf(parseJson(await blob.text(), path, 'bad-tokenizer'));
  if (!value) throw bad(path, 'is not a JSON object. Take the file of the export.');
  return value;
}

const bad = (path: string, fact: string) =>
  new StudioError('bad-tokenizer', `${path} ${fact}`, { detail: { file: path } });
