/** The model that a recipe's other steps act on, where one trims the vocabulary. */
import type { SourceFile } from '../model/model.ts';
import {
  type TrimmedModel,
  trimVocabulary,
  vocabularyStep,
} from '../plan/vocabulary/trim-vocabulary.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { formatCount } from '../report/format.ts';
import type { WeightRow } from '../report/report.ts';
import type { OpenModel } from './models.ts';

export interface TrimmedOpen {
  /** Its rows are split by the tokenizer that goes with it. */
  readonly open: OpenModel;
  /** What goes with the model: its tokenizer, and what names ids. */
  readonly beside: readonly SourceFile[];
  readonly warnings: readonly string[];
  /** Rows of trimmed tables, against the tables that they were. */
  readonly shown: (rows: readonly WeightRow[]) => readonly WeightRow[];
}

const opens = new WeakMap<TrimmedModel, Promise<OpenModel>>();

/** @throws bad-tokenizer; what reading the model or its texts throws */
export async function trimmedOpen(open: OpenModel, recipe: Recipe): Promise<TrimmedOpen> {
  const asItIs = { open, beside: [], warnings: [], shown: (rows: readonly WeightRow[]) => rows };
  if (vocabularyStep(recipe) === null) return asItIs;
  const { vocabulary } = open.dataset;
  const trim = await trimVocabulary(open.model, open.weights, vocabulary);
  if ('refused' in trim) return { ...asItIs, warnings: [`The vocabulary stays. ${trim.refused}.`] };
  const { model, weights, files } = trim;
  let own = opens.get(trim);
  if (!own) {
    const reopened = vocabulary?.reopen(files, model) ?? Promise.resolve(open.dataset);
    own = reopened.then((dataset) => ({ ...open, model, weights, dataset }));
    opens.set(trim, own);
    own.catch(() => opens.delete(trim));
  }
  return {
    ...{ open: await own, beside: files, warnings: [] },
    shown: (rows) => rows.map((row) => againstTable(row, trim)),
  };
}

function againstTable(row: WeightRow, { tables, tokenCount }: TrimmedModel): WeightRow {
  const table = tables.find(({ name }) => name === row.name);
  if (!table) return row;
  const technique = row.technique === null ? 'vocabulary' : `vocabulary + ${row.technique}`;
  const note = `${formatCount(tokenCount)} of ${formatCount(table.tokensBefore)} tokens stay`;
  return {
    ...row,
    technique,
    note: row.note ? `${note}. ${row.note}` : note,
    reason: null,
    bytesBefore: table.bytesBefore,
  };
}
