/** The tokens that a person's texts need, and the files of a model that has only those. */
import { assert } from '../core/assert.ts';
import { parseJson } from '../core/json-syntax.ts';
import type { ValueInfo } from '../model/model.ts';
import type { NamedBlob } from './companions.ts';
import { objectOf } from './config.ts';
import type { TokenFeeding } from './open-tokens.ts';
import type { Context, Dataset, TrimmedVocabulary, Vocabulary } from './opening.ts';
import type { Rows } from './rows.ts';
import { namedIds, withNewIds } from './trim-settings.ts';
import { trimTokenizer } from './trim-tokenizer.ts';

type Json = Record<string, unknown>;

/** What a person's texts are like. */
export interface Corpus {
  readonly count: number;
  readonly unit: Vocabulary['textUnit'];
  readonly ids: (text: number) => readonly number[];
}

/** Texts of a table, special tokens left out. */
export const corpusOfTexts = (rows: Rows, { tokenizer }: TokenFeeding): Corpus => ({
  ...{ count: rows.count, unit: 'texts' },
  ids: (row) => {
    const texts = rows.sides?.(row) ?? [rows.text(row) ?? ''];
    return texts.flatMap((text) => tokenizer.content(text));
  },
});

/**
 * null where there are no ids to look up.
 * - `predicted` — the output whose logits are measured as those of tokens; null where none is
 */
export function vocabularyOf(
  context: Context,
  feeding: TokenFeeding,
  corpus: Corpus,
  predicted: string | null = null,
): Vocabulary | null {
  const { companions, reopen } = context;
  const { tokenizer, inputs, original } = feeding;
  const ids = inputs.inputs.find(({ role }) => role === 'ids');
  const file = companions.tokenizer;
  if (!ids || !file) return null;
  let made: Promise<TrimmedVocabulary> | null = null;
  // Asked when the model is trimmed, and again when the trimmed one is compressed.
  const reopened = new WeakMap<Context['model'], Promise<Dataset>>();
  const trim = async (): Promise<TrimmedVocabulary> => {
    const used = new Set<number>([tokenizer.padId]);
    for (let row = 0; row < corpus.count; row++) {
      for (const id of corpus.ids(row)) used.add(id);
      if (row % ROWS_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    const settings = await Promise.all(
      [companions.config, companions.generationConfig].map(async (it) => ({
        file: it,
        json: await jsonOf(it),
      })),
    );
    const named = settings.flatMap(({ json }) => (json ? namedIds(json) : []));
    const json = (await jsonOf(file)) ?? {};
    const trimmed = trimTokenizer(file.path, json, used, named);
    const renumbered = new Map(trimmed.kept.map((id, index) => [id, index]));
    const special = await jsonOf(companions.tokenizerConfig);
    const files = [
      jsonFile(file, trimmed.json),
      jsonFile(companions.tokenizerConfig, special && withDecoder(special, renumbered)),
      ...settings.map((it) => jsonFile(it.file, it.json && withNewIds(it.json, renumbered))),
    ];
    return { kept: trimmed.kept, files: files.filter((it) => it !== null) };
  };
  return {
    ...{ textCount: corpus.count, textUnit: corpus.unit, idsInput: ids.name },
    tokensOutput: predicted ?? tokensOutputOf(context, feeding.vocabulary),
    reopen: (files, model) => {
      const known = reopened.get(model);
      if (known) return known;
      const opened = reopen(files, model, original ?? tokenizer);
      reopened.set(model, opened);
      opened.catch(() => reopened.delete(model));
      return opened;
    },
    trimmed: () => {
      made ??= trim();
      return made;
    },
  };
}

/** As wide as the table is long, at every position: whatever is measured, it is of tokens. */
function tokensOutputOf({ model, readout }: Context, rows: number | null): string | null {
  const isOfTokens = ({ name, dims }: ValueInfo) => {
    const width = dims?.at(-1);
    const isWide = typeof width === 'number' && rows !== null && width >= rows;
    return dims?.length === 3 && (isWide || (typeof width === 'string' && name === answer));
  };
  const answer = readout.answer?.name;
  return model.graph.outputs.find(isOfTokens)?.name ?? null;
}

/** Of a run with a tokenizer of its own. */
export function originalIdsOf({ tokenizer, original }: TokenFeeding): Pick<Dataset, 'originalIds'> {
  if (!original) return {};
  const originalIds = Array.from({ length: tokenizer.idCount() }, (_, id) => {
    const token = tokenizer.tokenOf(id);
    const own = token === null ? null : original.idOf(token);
    assert(own !== null, `the original has the run's token ${id}`);
    return own;
  });
  return { originalIds };
}

/** Some ten milliseconds of splitting. */
const ROWS_AT_ONCE = 64;

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
