/** Rows of NumPy arrays named like the graph's inputs, first dimension the rows. */
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import type { ValueInfo } from '../model/model.ts';
import { convert, integers } from './convert.ts';
import { hashBytes } from './hash.ts';
import { arrayFor, type Mapping } from './mapping.ts';
import type { Feeds, FeedTensor, Role, RowSet } from './rows.ts';
import { tokenRole } from './token-inputs.ts';

/** Rows may be empty, so that their bytes do not limit them. */
const ROW_LIMIT = 1_000_000;
export const LABEL_NAMES = ['labels', 'label'];

interface Source {
  readonly path: string;
  /** Array by graph input, where the person mapped it. */
  readonly mapped: Mapping;
  readonly task: 'classes' | 'number' | null;
  readonly role: Role;
  readonly arrays: ReadonlyMap<string, FeedTensor>;
}

/** The inputs that `arrays` does not have and that cannot be filled in. */
export const missingInputs = (
  inputs: readonly ValueInfo[],
  arrays: ReadonlyMap<string, FeedTensor>,
  mapped: Mapping,
): readonly ValueInfo[] =>
  inputs.filter(({ name }) => {
    const role = tokenRole(name);
    const filled = role === 'mask' || role === 'types';
    return !filled && !arrays.has(arrayFor(mapped, name));
  });

/**
 * - `classCount` — classes that config.json names, 0 if unknown
 * @throws bad-dataset naming file, array and remedy
 */
export function arrayRows(
  { path, role, arrays, mapped, task }: Source,
  inputs: readonly ValueInfo[],
  classCount: number,
): RowSet {
  const bad = (fact: string, array: string) =>
    new StudioError('bad-dataset', `${path}: ${fact}`, { detail: { file: path, path: array } });
  const columns = inputs.map((input) => ({
    name: input.name,
    tensor: columnOf(input, arrayFor(mapped, input.name), arrays, bad),
  }));
  const given = columns.find(({ tensor }) => tensor);
  const count = given?.tensor?.dims[0] ?? 0;
  if (count === 0) throw bad('holds no rows. Write arrays [rows, …].', given?.name ?? '');
  if (count > ROW_LIMIT) {
    throw bad(`has ${count} rows; at most ${ROW_LIMIT} are read. Keep fewer.`, given?.name ?? '');
  }
  for (const { name, tensor } of columns) {
    if (tensor && tensor.dims[0] !== count) {
      throw bad(`${name} has ${tensor.dims[0]} rows and ${given?.name} ${count}.`, name);
    }
  }
  const labels = task && labelsOf(arrays, count, { classCount, task, mapped }, bad);
  const feeds = (index: number): Feeds => {
    if (!(index >= 0 && index < count)) throw new RangeError(`row ${index} of ${count}`);
    return rowFeeds(columns, index);
  };
  return {
    path,
    role,
    width: 1,
    count,
    feeds,
    label: (index) => labels?.[index] ?? null,
    tokens: () => null,
    text: () => null,
    key: (index) =>
      Object.values(feeds(index))
        .flatMap(({ data }) => {
          const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
          return [hashBytes(bytes, 1), hashBytes(bytes, 2)];
        })
        .join('-'),
  };
}

interface Column {
  readonly name: string;
  /** null: a mask or token types, filled in per row. */
  readonly tensor: FeedTensor | null;
}

function rowFeeds(columns: readonly Column[], index: number): Feeds {
  const feeds = new Map<string, FeedTensor>();
  for (const { name, tensor } of columns) if (tensor) feeds.set(name, rowOf(tensor, index));
  const [like] = feeds.values();
  for (const { name, tensor } of columns) {
    if (tensor || !like) continue;
    const fill = tokenRole(name) === 'mask' ? 1 : 0;
    const values = new Array<number>(like.data.length).fill(fill);
    feeds.set(name, { ...like, data: integers(values, like.dtype) });
  }
  return Object.fromEntries(feeds);
}

/** Row `index` as a batch of one; a view, not a copy. */
function rowOf({ dtype, dims, data }: FeedTensor, index: number): FeedTensor {
  const rest = dims.slice(1);
  const stride = elementCount(rest);
  return { dtype, dims: [1, ...rest], data: data.subarray(index * stride, (index + 1) * stride) };
}

function columnOf(
  { name, dtype, dims }: ValueInfo,
  arrayName: string,
  arrays: ReadonlyMap<string, FeedTensor>,
  bad: (fact: string, array: string) => StudioError,
): FeedTensor | null {
  const array = arrays.get(arrayName);
  if (!array) return null; // a mask or token types: `missingInputs` names what cannot be filled
  if (dtype === null || dims === null) return array;
  const [, ...wanted] = dims;
  const fits =
    array.dims.length === dims.length &&
    wanted.every((dim, axis) => typeof dim !== 'number' || dim === array.dims[axis + 1]);
  if (!fits) {
    const shape = ['rows', ...wanted.map((dim) => dim ?? '?')].join(' × ');
    throw bad(
      `${name} is ${array.dims.join(' × ') || 'a scalar'}; the model takes ${shape}.`,
      name,
    );
  }
  const converted = convert(array, dtype);
  if (converted) return converted;
  throw bad(
    `${name} is ${array.dtype} and the model takes ${dtype}. Save it as that, scaled as the model expects.`,
    name,
  );
}

function labelsOf(
  arrays: ReadonlyMap<string, FeedTensor>,
  count: number,
  { classCount, task, mapped }: { classCount: number; task: 'classes' | 'number'; mapped: Mapping },
  bad: (fact: string, array: string) => StudioError,
): readonly number[] | null {
  const chosen = mapped.columns.label === undefined ? [] : [mapped.columns.label];
  const name = [...chosen, ...LABEL_NAMES].find((candidate) => arrays.has(candidate));
  const array = name === undefined ? undefined : arrays.get(name);
  if (!array || name === undefined) return null;
  if (array.dims.length !== 1 || array.dims[0] !== count) {
    throw bad(`${name} is ${array.dims.join(' × ')}; ${count} rows need ${count} labels.`, name);
  }
  if (task === 'number') return Array.from(array.data, Number);
  const whole = convert(array, 'int32');
  if (!whole) throw bad(`${name} is ${array.dtype}. Save class numbers as int64.`, name);
  return Array.from(whole.data as Int32Array, (label, row) => {
    const index = Number(label);
    if (index < 0 || (classCount > 0 && index >= classCount)) {
      throw bad(
        `row ${row + 1} of ${name} is ${index}; config.json names ${classCount} classes.`,
        name,
      );
    }
    return index;
  });
}
