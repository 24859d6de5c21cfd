/**
 * Token ids in the settings of a model (config.json, generation_config.json), at any depth: those that
 * a text begins, ends or is padded with stay, and lists of tokens that are never written lose those
 * that are gone.
 */
import { objectOf } from './config.ts';

type Json = Record<string, unknown>;
type NewIds = ReadonlyMap<number, number>;

/** `eos_token_id`, `bos_token_ids`, `decoder_start_token_id`. */
const NAMES_IDS = /_token_ids?$/;
/** `suppress_tokens`, `begin_suppress_tokens`; sequences of ids in `bad_words_ids`. */
const LISTS_IDS = /(^|_)(suppress_tokens|bad_words_ids)$/;
/** Deeper than any file of a library. */
const DEPTH = 8;

/** Ids that must stay. */
export function namedIds(settings: Json, depth = 0): number[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    if (NAMES_IDS.test(key)) return (Array.isArray(value) ? value : [value]).filter(isId);
    const inner = depth < DEPTH ? objectOf(value) : null;
    return inner ? namedIds(inner, depth + 1) : [];
  });
}

export function withNewIds(settings: Json, ids: NewIds, depth = 0): Json {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, renumbered(key, value, ids, depth)]),
  );
}

function renumbered(key: string, value: unknown, ids: NewIds, depth: number): unknown {
  const renumber = (id: unknown) => ids.get(id as number) ?? id;
  if (key === 'vocab_size' && isId(value)) return ids.size;
  if (NAMES_IDS.test(key)) return Array.isArray(value) ? value.map(renumber) : renumber(value);
  if (LISTS_IDS.test(key) && Array.isArray(value)) return listed(value, ids);
  const inner = depth < DEPTH ? objectOf(value) : null;
  return inner ? withNewIds(inner, ids, depth + 1) : value;
}

/** What has an id that is gone cannot be written any more. */
function listed(list: readonly unknown[], ids: NewIds): unknown[] {
  const own = (id: unknown) => (isId(id) ? ids.get(id) : undefined);
  return list.flatMap((entry): unknown[] => {
    const all = Array.isArray(entry) ? entry.map(own) : [own(entry)];
    if (all.includes(undefined)) return [];
    return Array.isArray(entry) ? [all] : all;
  });
}

const isId = (value: unknown): value is number => Number.isInteger(value);
