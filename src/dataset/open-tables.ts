import type { NamedBlob } from './companions.ts';
import { readCsv } from './csv-table.ts';
import { readJsonLines } from './jsonl-table.ts';
import { LabelReader } from './labels.ts';
import { LATENCY_TOKENS, tokenLatencyInput } from './latency-input.ts';
import { openTokens } from './open-tokens.ts';
import { assemble, type Context, type Dataset, noAnswer, type Task } from './opening.ts';
import type { RowSet } from './rows.ts';
import { roleOf, splitRows } from './splits.ts';
import { badTable, isNeed, pickColumns, type Table } from './table.ts';
import { pairRows, textRows } from './text-rows.ts';
import { corpusOfTexts, originalIdsOf, vocabularyOf } from './trim-vocabulary.ts';

/** Sentences or pairs of `*.csv`, `*.tsv` and `*.jsonl`; null if the model takes no text. */
export async function openTables(context: Context): Promise<Dataset | null> {
  const { companions, mapping, config, seed, unread, needs } = context;
  const { tables } = companions;
  if (tables.length === 0) return null;
  const feeding = await openTokens(context, tables);
  if (!feeding) return null;
  const { tokenizer, inputs } = feeding;
  const labels = new LabelReader(config, mapping, classCount(context));
  const sets: RowSet[] = [];
  const tasks = new Set<Task | null>();
  for (const file of tables) {
    const table = await readTable(file);
    const columns = pickColumns(table, mapping);
    if (isNeed(columns)) {
      needs.push(columns);
      unread.push({
        path: file.path,
        reason: `it has no column "text" or "sentence", but ${found(table)}`,
      });
      continue;
    }
    const { label, textPair } = columns;
    const asPairs = textPair !== null && context.readout.embedding !== null;
    const task = label === null ? null : taskOf(context, asPairs);
    if (label !== null && !task && !context.readout.embedding) noAnswer(context, file.path);
    const source = {
      ...{ ...columns, table, role: roleOf(file.path) },
      labels: task && label !== null ? labelsOf(table, label, task, labels) : null,
    };
    if (asPairs) sets.push(pairRows({ ...source, textPair }, feeding));
    else sets.push(textRows(source, feeding));
    tasks.add(task);
    const need = labels.need(file.path);
    if (need && !needs.some(({ kind }) => kind === 'labels')) needs.push(need);
  }
  if (sets.length === 0) return null;
  const widths = new Set(sets.map(({ width }) => width));
  if (widths.size > 1) {
    throw badTable(
      sets[0]?.path ?? '',
      'holds other rows than the tables beside it: pairs and single texts do not mix.',
    );
  }
  const { fixedLength } = inputs;
  const padding = fixedLength === null ? 'no padding' : `padded to ${fixedLength}`;
  const [task = null, ...otherTasks] = [...tasks].filter((one) => one !== null);
  const split = splitRows(sets, seed);
  const vocabulary = vocabularyOf(context, feeding, corpusOfTexts(split.corpus, feeding));
  const dataset = assemble(context, split, {
    ...(vocabulary && { vocabulary }),
    ...originalIdsOf(feeding),
    task: otherTasks.length === 0 ? task : null,
    cutAt: tokenizer.maxLength,
    preprocessing: `cut at ${tokenizer.maxLength} tokens, ${padding}`,
    latencyInput: async (length = LATENCY_TOKENS) =>
      tokenLatencyInput(dataset.evaluation, tokenizer, inputs, length),
  });
  return dataset;
}

const readTable = ({ path, blob }: NamedBlob): Promise<Table> =>
  /\.(jsonl|ndjson)$/i.test(path) ? readJsonLines(path, blob) : readCsv(path, blob);

const found = ({ columns }: Table): string =>
  columns
    .slice(0, 10)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ');

function taskOf({ readout }: Context, asPairs: boolean): Task | null {
  if (readout.number !== null) return 'number';
  if (readout.answer) return 'classes';
  return asPairs ? 'pairs' : null;
}

/** Classes by the answer's last dimension; null if the graph does not say. */
function classCount({ model, readout }: Context): number | null {
  const output = model.graph.outputs.find(({ name }) => name === readout.answer?.name);
  const last = output?.dims?.at(-1);
  return typeof last === 'number' ? last : null;
}

function labelsOf(
  { path, rows, numbers }: Table,
  column: number,
  task: Task,
  labels: LabelReader,
): (number | null)[] {
  return rows.map((row, index) => {
    const value = row[column] ?? '';
    const number = numbers[index] ?? 0;
    return task === 'classes'
      ? labels.classOf(value, number)
      : numberOf(value, `row ${number}`, path);
  });
}

function numberOf(value: string, place: string, path: string): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  const shown = `"${value.slice(0, 40)}"`;
  throw badTable(
    path,
    `${place} has the label ${shown}; the model gives numbers. Write one.`,
    place,
  );
}
