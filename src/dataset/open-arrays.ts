import type { ValueInfo } from '../model/model.ts';
import { type ArrayFile, describeArrays, readArrayFiles } from './array-files.ts';
import { arrayRows, LABEL_NAMES, missingInputs } from './array-rows.ts';
import { plainLatencyInput } from './latency-input.ts';
import { arrayFor, type Need } from './mapping.ts';
import { assemble, type Context, type Dataset, noAnswer, typeOf, unreadOf } from './opening.ts';
import type { RowSet } from './rows.ts';
import { splitRows } from './splits.ts';

/** Arrays of `*.npz` and `*.npy`; null if the model cannot be fed with them. */
export async function openArrays(context: Context): Promise<Dataset | null> {
  const { companions, model, config, mapping, readout, seed, unread, needs } = context;
  const { inputs } = model.graph;
  if (companions.arrays.length === 0) return null;
  const fixed = inputs.find(({ dims }) => typeof dims?.[0] === 'number' && dims[0] !== 1);
  if (fixed) {
    const reason = `the model takes exactly ${fixed.dims?.[0]} rows at once, and rows are measured one by one`;
    unread.push(...unreadOf(companions.arrays, reason));
    return null;
  }
  const { label } = mapping.columns;
  const wanted = new Set([
    ...inputs.map(({ name }) => arrayFor(mapping, name)),
    ...(label === undefined ? [] : [label]),
    ...LABEL_NAMES,
  ]);
  const task = readout.number !== null ? 'number' : readout.answer ? 'classes' : null;
  const sets: RowSet[] = [];
  for (const file of await readArrayFiles(companions.arrays, wanted)) {
    const missing = missingInputs(inputs, file.arrays, mapping);
    if (missing.length > 0) {
      const need = await needOf(context, file, missing, wanted);
      if (!needs.some(({ kind }) => kind === 'inputs')) needs.push(need);
      unread.push({ path: file.path, reason: reasonOf(file, missing) });
      continue;
    }
    unread.push(...strangers(file, wanted));
    if (task === null && LABEL_NAMES.some((name) => file.arrays.has(name)))
      noAnswer(context, file.path);
    sets.push(arrayRows({ ...file, mapped: mapping, task }, inputs, config.labels.length));
  }
  if (sets.length === 0) return null;
  const dataset = assemble(context, splitRows(sets, seed), {
    task,
    preprocessing: 'as stored',
    latencyInput: async () => plainLatencyInput(await dataset.evaluation.feeds(0), true),
  });
  return dataset;
}

const quoted = (names: Iterable<string>): string =>
  [...names]
    .slice(0, 10)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ');

const reasonOf = ({ arrays }: ArrayFile, missing: readonly ValueInfo[]): string =>
  `it has no array ${quoted(missing.map(({ name }) => name))}, which the model takes, but ${quoted(arrays.keys()) || 'none'}`;

async function needOf(
  { companions }: Context,
  file: ArrayFile,
  missing: readonly ValueInfo[],
  wanted: ReadonlySet<string>,
): Promise<Need> {
  const free = [...file.arrays.keys()].filter((name) => !wanted.has(name));
  return {
    kind: 'inputs',
    file: file.path,
    reason: `${file.path}: ${reasonOf(file, missing)}.`,
    inputs: missing.map(typeOf),
    arrays: await describeArrays(companions.arrays, file, free),
  };
}

const strangers = ({ path, arrays }: ArrayFile, wanted: ReadonlySet<string>) =>
  [...arrays.keys()]
    .filter((name) => !wanted.has(name))
    .map((name) => ({ path: `${path}: ${name}`, reason: 'the model has no input of that name' }));
