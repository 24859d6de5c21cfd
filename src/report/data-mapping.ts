/**
 * How names in a person's files map to the model's: columns, label values and inputs that do not
 * go by the same names. Plain JSON; kept per model. `src/dataset` has the same shape.
 */
import * as v from 'valibot';
import { StudioError } from '../core/studio-error.ts';

export interface DataMapping {
  /** Names of a table's columns (or, as `label`, of an archive's array), as the file has them. */
  readonly columns: {
    readonly text?: string;
    /** The second text of a pair. */
    readonly textPair?: string;
    readonly label?: string;
  };
  /** Class by label value or folder name. */
  readonly labels: Readonly<Record<string, number>>;
  /** Array by graph input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The output to read answers from; null leaves it to the names. */
  readonly output: string | null;
  /** Tokens of a window of running text; null: the smaller of 256 and the model's positions. */
  readonly windowTokens: number | null;
}

export const NO_MAPPING: DataMapping = {
  columns: {},
  labels: {},
  inputs: {},
  output: null,
  windowTokens: null,
};

export type ColumnRole = 'text' | 'textPair' | 'label';

/** Something that names alone did not match, and what there is to choose from. */
export type MappingNeed =
  | {
      readonly kind: 'columns';
      readonly file: string;
      /** A sentence: "test.csv has no column \"text\" or \"sentence\"." */
      readonly reason: string;
      readonly missing: readonly ColumnRole[];
      readonly columns: readonly string[];
      /** The first rows, fields cut short, in the order of `columns`. */
      readonly examples: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'labels';
      readonly file: string;
      readonly reason: string;
      /** Values that are no class of the model, with the first row that has each. */
      readonly values: readonly {
        readonly value: string;
        readonly row: number;
        readonly count: number;
      }[];
      /** The model's classes by index. */
      readonly classes: readonly string[];
    }
  | {
      readonly kind: 'inputs';
      readonly file: string;
      readonly reason: string;
      /** Graph inputs that no array is named like. */
      readonly inputs: readonly NamedType[];
      /** Arrays that no input is named like. */
      readonly arrays: readonly NamedType[];
    }
  | {
      /** There are labels, and no output is known to be a choice of classes or a number. */
      readonly kind: 'output';
      readonly file: string;
      readonly reason: string;
      readonly outputs: readonly NamedType[];
    };

export interface NamedType {
  readonly name: string;
  /** "float32 batch × 1 × 28 × 28". */
  readonly type: string;
}

const text = v.pipe(v.string(), v.maxLength(1024));
const MOST_ENTRIES = 100_000;
const classIndex = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000));

/** Of a mapping from anywhere: bounded names, and class indices. */
export const MAPPING_SCHEMA = v.strictObject({
  columns: v.strictObject({
    text: v.exactOptional(text),
    textPair: v.exactOptional(text),
    label: v.exactOptional(text),
  }),
  labels: v.pipe(v.record(text, classIndex), v.maxEntries(MOST_ENTRIES)),
  inputs: v.pipe(v.record(text, text), v.maxEntries(MOST_ENTRIES)),
  output: v.nullable(text),
  windowTokens: v.nullable(
    v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(1_000_000)),
  ),
}) satisfies v.GenericSchema<unknown, DataMapping>;

/** A mapping from storage or a file. @throws bad-dataset naming the key */
export function parseMapping(json: unknown): DataMapping {
  const result = v.safeParse(MAPPING_SCHEMA, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = (v.getDotPath(issue) ?? '').slice(0, 200);
  const where = path ? `, ${path}` : '';
  throw new StudioError(
    'bad-dataset',
    `The kept mapping of names is refused${where}: ${issue.message.slice(0, 300)}. Map them again.`,
    { detail: { path } },
  );
}

/** Why `mapping` does not answer `need` yet, in a sentence; null if it does. */
export function missingFrom(mapping: DataMapping, need: MappingNeed): string | null {
  switch (need.kind) {
    case 'columns': {
      const wanted = need.missing.filter((role) => role !== 'label');
      const unnamed = wanted.find((role) => mapping.columns[role] === undefined);
      if (unnamed) return 'Choose the column that holds the text.';
      const named = Object.values(mapping.columns);
      const strange = named.find((name) => !need.columns.includes(name));
      if (strange !== undefined) return `${need.file} has no column "${strange}".`;
      return new Set(named).size < named.length ? 'Choose a different column for each.' : null;
    }
    case 'labels': {
      const open = need.values.find(({ value }) => !Object.hasOwn(mapping.labels, value));
      if (open) return `Choose the class that "${open.value}" is.`;
      const wrong = need.values.find(
        ({ value }) => (own(mapping.labels, value) ?? -1) >= need.classes.length,
      );
      return wrong ? `"${wrong.value}" maps to a class that the model does not have.` : null;
    }
    case 'inputs': {
      const names = need.arrays.map(({ name }) => name);
      const open = need.inputs.find(({ name }) => !names.includes(own(mapping.inputs, name) ?? ''));
      return open ? `Choose the array that feeds ${open.name}.` : null;
    }
    case 'output':
      return need.outputs.some(({ name }) => name === mapping.output)
        ? null
        : 'Choose the output that answers.';
  }
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
