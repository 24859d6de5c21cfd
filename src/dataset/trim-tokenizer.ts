/**
 * A `tokenizer.json` with fewer tokens. Texts that only need tokens that stay are split as before,
 * and every text can still be split: characters, bytes and special tokens always stay.
 */
import { StudioError } from '../core/studio-error.ts';
import { objectOf } from './config.ts';
import { type Entries, keptOfModel, trimModel } from './trim-token-model.ts';

type Json = Record<string, unknown>;

export interface TrimmedTokenizer {
  readonly json: Json;
  /** Ids as they were, by the ids that they have now; ascending. */
  readonly kept: readonly number[];
}

/**
 * - `used` — ids that texts were split into
 * - `others` — ids that other files name (a pad or end token of config.json)
 * @throws bad-tokenizer for a model of tokens that is not known
 */
export function trimTokenizer(
  path: string,
  json: Json,
  used: Iterable<number>,
  others: Iterable<number> = [],
): TrimmedTokenizer {
  const model = objectOf(json['model']);
  const entries = model && entriesOf(model);
  if (!model || !entries) {
    const type = String(model?.['type'] ?? 'none').slice(0, 40);
    throw new StudioError(
      'bad-tokenizer',
      `${path} has a model "${type}", whose tokens cannot be left out. Remove the step that trims the vocabulary.`,
      { detail: { file: path } },
    );
  }
  const special = [...addedIds(json), ...idsIn(json['post_processor']), ...idsIn(json['padding'])];
  const whole = keptOfModel(model, entries, [...used, ...special, ...others]);
  const known = idsOf(json, entries);
  const kept = [...whole].filter((id) => known.has(id)).toSorted((a, b) => a - b);
  const renumbered = new Map(kept.map((id, index) => [id, index]));
  return {
    kept,
    json: {
      ...json,
      added_tokens: addedTokens(json).map((token) => ({
        ...token,
        id: renumbered.get(token['id'] as number),
      })),
      post_processor: withIds(json['post_processor'], renumbered),
      padding: withIds(json['padding'], renumbered),
      model: trimModel(model, entries, renumbered),
    },
  };
}

/** How many ids a tokenizer has, as its file lists them; 0 for a model that is not known. */
export function countIds(json: Json): number {
  const model = objectOf(json['model']);
  const entries = model && entriesOf(model);
  return entries ? idsOf(json, entries).size : 0;
}

const idsOf = (json: Json, entries: Entries): ReadonlySet<number> =>
  new Set([...entries.map(([, id]) => id), ...addedIds(json)]);

/** Tokens with their ids. */
function entriesOf(model: Json): Entries | null {
  const { vocab } = model;
  if (Array.isArray(vocab)) {
    const pieces = vocab.map((piece) => (Array.isArray(piece) ? piece[0] : null));
    return pieces.every((piece) => typeof piece === 'string')
      ? pieces.map((piece, id) => [piece, id] as const)
      : null;
  }
  const entries = Object.entries(objectOf(vocab) ?? {});
  const isWhole = entries.length > 0 && entries.every(([, id]) => Number.isInteger(id));
  return isWhole ? (entries as [string, number][]) : null;
}

const addedTokens = (json: Json): readonly Json[] =>
  Array.isArray(json['added_tokens'])
    ? json['added_tokens'].map(objectOf).filter((token) => token !== null)
    : [];

const addedIds = (json: Json): number[] => addedTokens(json).flatMap(({ id }) => idOf(id));

const idOf = (value: unknown): number[] => (Number.isInteger(value) ? [value as number] : []);

/** Deeper than any file of a library. */
const DEPTH = 16;

/** Ids that a post-processor or a padding names: `id`, `ids`, `pad_id`, and pairs [token, id]. */
function idsIn(value: unknown, depth = 0): number[] {
  if (depth > DEPTH) return [];
  if (Array.isArray(value)) {
    return isTokenPair(value) ? idOf(value[1]) : value.flatMap((one) => idsIn(one, depth + 1));
  }
  return Object.entries(objectOf(value) ?? {}).flatMap(([key, own]) => {
    if (ID_KEYS.has(key) && Number.isInteger(own)) return idOf(own);
    if (key === 'ids' && Array.isArray(own)) return own.flatMap(idOf);
    return idsIn(own, depth + 1);
  });
}

/** `id` of a template's pieces is a name; of special tokens too. Numbers are ids. */
const ID_KEYS: ReadonlySet<string> = new Set(['id', 'pad_id']);

const isTokenPair = (value: readonly unknown[]): boolean =>
  value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1]);

function withIds(value: unknown, renumbered: ReadonlyMap<number, number>, depth = 0): unknown {
  const renumber = (id: unknown) => renumbered.get(id as number) ?? id;
  if (depth > DEPTH) return value;
  if (Array.isArray(value)) {
    return isTokenPair(value)
      ? [value[0], renumber(value[1])]
      : value.map((one) => withIds(one, renumbered, depth + 1));
  }
  const object = objectOf(value);
  if (!object) return value;
  return Object.fromEntries(
    Object.entries(object).map(([key, own]) => {
      if (ID_KEYS.has(key) && Number.isInteger(own)) return [key, renumber(own)];
      if (key === 'ids' && Array.isArray(own)) return [key, own.map(renumber)];
      return [key, withIds(own, renumbered, depth + 1)];
    }),
  );
}
