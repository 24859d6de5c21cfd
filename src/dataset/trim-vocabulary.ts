/** The tokens that a person's texts need, and the files of a model that has only those. */
import { parseJson } from '../core/json-syntax.ts';
import type { NamedBlob } from './companions.ts';
import { objectOf } from './config.ts';
import type { TokenFeeding } from './open-tokens.ts';
import type { Context, TrimmedVocabulary, Vocabulary } from './opening.ts';
import type { Rows } from './rows.ts';
import { trimTokenizer } from './trim-tokenizer.ts';

type Json = Record<string, unknown>;

/** What a person's texts are like. */
export interface Corpus {
  readonly count: number;
  readonly ids: (text: number) => readonly number[];
}

/** Texts of a table, special tokens left out. */
export const corpusOfTexts = (rows: Rows, { tokenizer }: TokenFeeding): Corpus => ({
  count: rows.count,
  ids: (row) => {
    const texts = rows.sides?.(row) ?? [rows.text(row) ?? ''];
    return texts.flatMap((text) => tokenizer.content(text));
  },
});

/** null where there are no ids to look up. */
export function vocabularyOf(
  { companions, readout, reopen }: Context,
  { tokenizer, inputs, original }: TokenFeeding,
  corpus: Corpus,
  predicts = false,
): Vocabulary | null {
  const ids = inputs.inputs.find(({ role }) => role === 'ids');
  const file = companions.tokenizer;
  if (!ids || !file) return null;
  let made: Promise<TrimmedVocabulary> | null = null;
  const trim = async (): Promise<TrimmedVocabulary> => {
    const used = new Set<number>([tokenizer.padId]);
    for (let row = 0; row < corpus.count; row++) {
      for (const id of corpus.ids(row)) used.add(id);
      if (row % ROWS_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    const config = await jsonOf(companions.config);
    const named = Object.entries(config ?? {}).flatMap(([key, value]) =>
      NAMES_IDS.test(key) ? idsOf(value) : [],
    );
    const json = (await jsonOf(file)) ?? {};
    const trimmed = trimTokenizer(file.path, json, used, named);
    const renumbered = new Map(trimmed.kept.map((id, index) => [id, index]));
    const settings = await jsonOf(companions.tokenizerConfig);
    const files = [
      jsonFile(file, trimmed.json),
      jsonFile(companions.tokenizerConfig, settings && withDecoder(settings, renumbered)),
      jsonFile(companions.config, config && withIds(config, renumbered)),
    ];
    return { kept: trimmed.kept, files: files.filter((it) => it !== null) };
  };
  return {
    ...{ textCount: corpus.count, idsInput: ids.name },
    tokensOutput: predicts ? (readout.answer?.name ?? null) : null,
    reopen: (files, model) => reopen(files, model, original ?? tokenizer),
    trimmed: () => {
      made ??= trim();
      return made;
    },
  };
}

/** Some ten milliseconds of splitting. */
const ROWS_AT_ONCE = 64;

/** Keys of config.json whose values are ids. */
const NAMES_IDS = /_token_ids?$/;

const idsOf = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((id) => Number.isInteger(id));

const withIds = (config: Json, renumbered: ReadonlyMap<number, number>): Json => {
  const renumber = (id: unknown) => renumbered.get(id as number) ?? id;
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (key === 'vocab_size') return [key, renumbered.size];
      if (!NAMES_IDS.test(key)) return [key, value];
      return [key, Array.isArray(value) ? value.map(renumber) : renumber(value)];
    }),
  );
};

/** Its `added_tokens_decoder` has ids as keys. */
function withDecoder(settings: Json, renumbered: ReadonlyMap<number, number>): Json {
  const decoder = objectOf(settings['added_tokens_decoder']);
  if (!decoder) return settings;
  const entries = Object.entries(decoder).map(([id, token]) => [
    renumbered.get(Number(id)) ?? id,
    token,
  ]);
  return { ...settings, added_tokens_decoder: Object.fromEntries(entries) };
}

const jsonOf = async (file: NamedBlob | null): Promise<Json | null> =>
  file && objectOf(parseJson(await file.blob.text(), file.path, 'bad-tokenizer'));

const jsonFile = (file: NamedBlob | null, json: Json | null): NamedBlob | null =>
  file && json && { path: file.path, blob: new Blob([JSON.stringify(json)]) };
