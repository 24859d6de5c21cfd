/** A model's inputs as examples in code: their names, their element types, sizes that run. */

export interface NamedInput {
  readonly name: string;
  /** "int64 batch × sequence", as the model's summary has it. */
  readonly type: string;
}

export interface ExampleInput {
  readonly name: string;
  readonly dtype: string;
  /** Sizes where the model has names for them, too. */
  readonly dims: readonly number[];
  /** "batch × sequence", for a comment. */
  readonly shape: string;
  /** What every element is. */
  readonly fill: 0 | 1;
}

/** Tokens of an example row. */
const EXAMPLE_TOKENS = 16;

export function exampleInput({ name, type }: NamedInput): ExampleInput {
  const at = type.indexOf(' ');
  const dtype = at < 0 ? type : type.slice(0, at);
  const shape = at < 0 ? '' : type.slice(at + 1);
  const sizes = shape === 'any shape' || shape === '' ? [] : shape.split(' × ');
  const isInteger = /^u?int/.test(dtype);
  return {
    name,
    dtype,
    shape,
    dims: sizes.map((size, axis) => exampleSize(size, axis, sizes.length, isInteger)),
    // Ids of 1 are in every table, and a mask of ones hides nothing.
    fill: isInteger && !/type|position/i.test(name) ? 1 : 0,
  };
}

function exampleSize(size: string, axis: number, rank: number, isInteger: boolean): number {
  if (/^\d+$/.test(size)) return Number(size);
  if (/past/i.test(size) && !size.includes('+')) return 0;
  if (axis === 0) return 1;
  if (/channel/i.test(size) || (rank === 4 && axis === 1)) return 3;
  if (/height|width/i.test(size) || (rank === 4 && axis > 1)) return 224;
  return isInteger || /seq|len|token/i.test(size) ? EXAMPLE_TOKENS : 1;
}

/** The inputs are a tokenizer's, so that a text can be the example. */
export const takesTokens = (inputs: readonly NamedInput[]): boolean =>
  inputs.some(({ name }) => name === 'input_ids') &&
  inputs.every(({ name }) => TOKEN_INPUTS.has(name));

const TOKEN_INPUTS: ReadonlySet<string> = new Set([
  'input_ids',
  'attention_mask',
  'token_type_ids',
]);
