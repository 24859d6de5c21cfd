/**
 * Which tokens a model of tokens cannot do without, and the model with only some of them: WordPiece
 * and WordLevel (a table), BPE (a table and merges), Unigram (pieces with scores).
 */

type Json = Record<string, unknown>;

/** Tokens with their ids. */
export type Entries = readonly (readonly [token: string, id: number])[];

/**
 * `wanted`, and what must stay with it: single characters and bytes; of BPE the tokens that a wanted
 * one is merged from, so that the merges that lead to it stay; of Unigram the least likely piece,
 * which the price of an unknown character is reckoned from.
 *
 * Texts that were split into wanted tokens are split so again. WordPiece takes the longest token that
 * fits, Unigram the likeliest way: fewer rivals change neither. BPE makes the first merge in the
 * list that it can: those that it made are still there, and those before them that it could not make
 * are no more.
 */
export function keptOfModel(
  model: Json,
  entries: Entries,
  wanted: Iterable<number>,
): ReadonlySet<number> {
  const kept = new Set(wanted);
  const byToken = new Map(entries);
  const affixes = affixesOf(model);
  for (const [token, id] of entries) if (isSingle(token, affixes)) kept.add(id);
  const unknown = byToken.get(String(model['unk_token']));
  if (unknown !== undefined) kept.add(unknown);
  if (Number.isInteger(model['unk_id'])) kept.add(model['unk_id'] as number);
  const least = leastLikely(model);
  if (least !== null) kept.add(least);

  const partsOf = new Map<number, number[]>();
  for (const { parts, result } of mergesOf(model)) {
    const id = byToken.get(result);
    const own = parts.map((part) => byToken.get(part));
    if (id === undefined || own.some((part) => part === undefined)) continue;
    partsOf.set(id, [...(partsOf.get(id) ?? []), ...(own as number[])]);
  }
  const open = [...kept];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const part of partsOf.get(id) ?? []) {
      if (kept.has(part)) continue;
      kept.add(part);
      open.push(part);
    }
  }
  return kept;
}

/** @param renumbered ids that stay → their new ids */
export function trimModel(
  model: Json,
  entries: Entries,
  renumbered: ReadonlyMap<number, number>,
): Json {
  if (Array.isArray(model['vocab'])) {
    const unknown = renumbered.get(model['unk_id'] as number);
    const vocab = model['vocab'].filter((_, id) => renumbered.has(id));
    return { ...model, vocab, ...(unknown !== undefined && { unk_id: unknown }) };
  }
  const left = entries.flatMap(([token, id]) => {
    const own = renumbered.get(id);
    return own === undefined ? [] : [[token, own] as const];
  });
  const vocab = Object.fromEntries(left);
  if (!Array.isArray(model['merges'])) return { ...model, vocab };
  const merges = mergesOf(model)
    .filter(({ parts, result }) => [...parts, result].every((it) => Object.hasOwn(vocab, it)))
    .map(({ written }) => written);
  return { ...model, vocab, merges };
}

interface Merge {
  readonly parts: readonly [string, string];
  readonly result: string;
  /** As the file has it. */
  readonly written: unknown;
}

/** Merges are pairs, or two tokens with a space between. */
function mergesOf(model: Json): readonly Merge[] {
  const { prefix } = affixesOf(model);
  const all = Array.isArray(model['merges']) ? model['merges'] : [];
  return all.flatMap((written: unknown) => {
    const [first, second] = Array.isArray(written) ? written : String(written).split(' ');
    if (typeof first !== 'string' || typeof second !== 'string') return [];
    const rest = prefix !== '' && second.startsWith(prefix) ? second.slice(prefix.length) : second;
    return [{ parts: [first, second], result: first + rest, written }];
  });
}

/** What a table marks tokens with that go on with a word, or end one. */
export interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
}

export const affixesOf = (model: Json): Affixes => ({
  prefix: textOf(model['continuing_subword_prefix']),
  suffix: textOf(model['end_of_word_suffix']),
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One character, whether it begins, goes on with or ends a word; or one byte by its number. */
function isSingle(token: string, affixes: Affixes): boolean {
  if (/^<0x[0-9A-F]{2}>$/.test(token)) return true;
  const own = withoutAffixes(token, affixes);
  const [first = ''] = own;
  return own !== '' && own === first;
}

/** An affix alone is a token of its own. */
export function withoutAffixes(token: string, { prefix, suffix }: Affixes): string {
  let own = token;
  if (prefix !== '' && own.startsWith(prefix) && own.length > prefix.length) {
    own = own.slice(prefix.length);
  }
  if (suffix !== '' && own.endsWith(suffix) && own.length > suffix.length) {
    own = own.slice(0, -suffix.length);
  }
  return own;
}

/** Of Unigram; null for other models. */
function leastLikely(model: Json): number | null {
  if (!Array.isArray(model['vocab'])) return null;
  const scores = model['vocab'].map((piece: unknown) =>
    Number(Array.isArray(piece) ? piece[1] : 0),
  );
  if (scores.length === 0) return null;
  return scores.reduce((least, score, id) => (score < (scores[least] ?? 0) ? id : least), 0);
}
