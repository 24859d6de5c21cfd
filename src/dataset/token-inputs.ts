/** How token ids become the inputs that a text model declares. */
import type { DType } from '../core/dtype.ts';
import type { ValueInfo } from '../model/model.ts';
import { integers } from './convert.ts';
import type { Feeds, FeedTensor } from './rows.ts';

export type TokenRole = 'ids' | 'mask' | 'types' | 'positions';

export interface TokenInput {
  readonly name: string;
  readonly dtype: DType;
  readonly role: TokenRole;
}

export interface TokenInputs {
  readonly inputs: readonly TokenInput[];
  /** What a first step is fed beside its tokens: empty caches, flags that say so. */
  readonly still: Feeds;
  /** The graph's fixed sequence length, to which rows are padded; null if it is free. */
  readonly fixedLength: number | null;
}

/** Rows are padded to a fixed length, so that a file's number becomes memory. */
const LONGEST_ROW = 2 ** 20;

const INTEGERS: readonly (DType | null)[] = ['int64', 'int32'];

/** What `name` asks for by the names that exporters use; null if it is not about tokens. */
export function tokenRole(name: string): TokenRole | null {
  if (/mask/i.test(name)) return 'mask';
  if (/type_id|segment/i.test(name)) return 'types';
  if (/position/i.test(name)) return 'positions';
  return /input_?ids|token|^ids$|^input$/i.test(name) ? 'ids' : null;
}

/**
 * The input as a first step has it, if it is about steps before: caches of length 0, flags and
 * counts of 0. null if it is not; a string says why it cannot be filled.
 */
function stillInput({ name, dtype, dims }: ValueInfo): FeedTensor | string | null {
  if (!/past|cache|logits_to_keep/i.test(name) || dtype === null || dims === null) return null;
  if (dtype === 'bool' || INTEGERS.includes(dtype)) {
    if (dims.length > 1 || dims.some((dim) => typeof dim === 'number' && dim !== 1)) return null;
    const data = dtype === 'bool' ? new Uint8Array(1) : integers([0], dtype);
    return { dtype, dims: dims.map(() => 1), data };
  }
  const [batch, ...rest] = dims;
  const free = rest.filter((dim) => typeof dim !== 'number').length;
  if (typeof batch === 'number' && batch !== 1) {
    return `the model takes exactly ${batch} rows at once, and rows are measured one by one`;
  }
  if (free !== 1 || dims.length > 8) {
    return `the model's input ${name} is a cache of ${free === 0 ? 'fixed' : 'unknown'} length, which cannot be left empty`;
  }
  const shape = [1, ...rest.map((dim) => (typeof dim === 'number' ? dim : 0))];
  if (dtype === 'float32') return { dtype, dims: shape, data: new Float32Array(0) };
  if (dtype === 'float16') return { dtype, dims: shape, data: new Uint16Array(0) };
  return `the model's input ${name} is a cache of type ${dtype}`;
}

/**
 * The token inputs of a model that takes nothing else that matters, one row at a time; otherwise why text
 * cannot be fed to it.
 */
export function tokenInputsOf(graphInputs: readonly ValueInfo[]): TokenInputs | string {
  const inputs: TokenInput[] = [];
  const still = new Map<string, FeedTensor>();
  let fixedLength: number | null = null;
  for (const input of graphInputs) {
    const { name, dtype, dims } = input;
    const filled = stillInput(input);
    if (typeof filled === 'string') return filled;
    if (filled) {
      still.set(name, filled);
      continue;
    }
    const role = tokenRole(name);
    if (role === null || !INTEGERS.includes(dtype) || dtype === null || dims?.length !== 2) {
      return `the model's input ${name} is not made of tokens`;
    }
    const [batch, length] = dims;
    if (typeof batch === 'number' && batch !== 1) {
      return `the model takes exactly ${batch} rows at once, and rows are measured one by one`;
    }
    if (typeof length === 'number') fixedLength = length;
    if (fixedLength !== null && fixedLength > LONGEST_ROW) {
      return `the model takes exactly ${fixedLength} tokens, and at most ${LONGEST_ROW} are made`;
    }
    inputs.push({ name, dtype, role });
  }
  if (!inputs.some(({ role }) => role === 'ids')) return 'the model has no input for token ids';
  return { inputs, still: Object.fromEntries(still), fixedLength };
}

export interface Tokens {
  readonly ids: readonly number[];
  readonly types: readonly number[];
}

/** One row [1, length]; padded with `padId` under a zero mask where the graph fixes the length. */
export function tokenFeeds(
  tokens: Tokens,
  { inputs, still, fixedLength }: TokenInputs,
  padId: number,
): Feeds {
  const used = tokens.ids.length;
  const length = fixedLength ?? used;
  const padded = (values: readonly number[], fill: number) =>
    Array.from({ length }, (_, index) => values[index] ?? fill);
  const valuesOf = {
    ids: () => padded(tokens.ids, padId),
    mask: () => Array.from({ length }, (_, index) => (index < used ? 1 : 0)),
    types: () => padded(tokens.types, 0),
    positions: () => Array.from({ length }, (_, index) => index),
  } satisfies Record<TokenRole, () => number[]>;
  const feeds = inputs.map(({ name, dtype, role }): [string, FeedTensor] => [
    name,
    { dtype, dims: [1, length], data: integers(valuesOf[role](), dtype) },
  ]);
  return { ...still, ...Object.fromEntries(feeds) };
}
