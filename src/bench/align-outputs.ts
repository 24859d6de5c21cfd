/**
 * Outputs of a run with a tokenizer of its own beside the original's, in one shape: of what both give
 * token by token, the places at which both have split the text alike, and of logits over tokens
 * those of tokens that both have. What cannot be brought to one shape is left out.
 */
import { assert } from '../core/assert.ts';
import type { TokenPlaces } from '../dataset/rows.ts';
import { floatsOf, type Outputs, type OutputTensor } from './outputs.ts';

/** Logits over tokens, and the original's id of each of the run's tokens. */
export interface TokenLogits {
  readonly name: string;
  readonly originalIds: readonly number[];
}

export interface AlignedOutputs {
  readonly original: Outputs;
  readonly run: Outputs;
}

/**
 * - `places` — of the row; null where both are fed the same tokens: outputs are as they are
 * - `logits` — null where no output is over tokens
 */
export function alignOutputs(
  original: Outputs,
  run: Outputs,
  places: TokenPlaces | null,
  logits: TokenLogits | null,
): AlignedOutputs {
  if (!places) return { original, run };
  const pairs = Object.entries(original).flatMap(([name, wanted]) => {
    const given = run[name];
    const ids = logits?.name === name ? logits.originalIds : null;
    const aligned = given && alignTensors(ids ? columnsOf(wanted, ids) : wanted, given, places);
    assert(aligned || !ids, `${name} has a logit for each of ${ids?.length} tokens`);
    return aligned ? [[name, aligned] as const] : [];
  });
  assert(pairs.length > 0, 'some output is given in one shape by both');
  const side = (at: 0 | 1) =>
    Object.fromEntries(pairs.map(([name, tensors]) => [name, tensors[at]] as const));
  return { original: side(0), run: side(1) };
}

type Pair = readonly [original: OutputTensor, run: OutputTensor];

/** null where the shapes differ otherwise than by the tokens of the row. */
function alignTensors(
  original: OutputTensor,
  run: OutputTensor,
  { ends, originalLength, length }: TokenPlaces,
): Pair | null {
  const axes = original.dims.flatMap((dim, axis) => {
    const isOfTokens = axis > 0 && dim === originalLength && run.dims[axis] === length;
    return isOfTokens && sameBut(original.dims, run.dims, axis) ? [axis] : [];
  });
  const [axis, another] = axes;
  if (axis === undefined) return sameBut(original.dims, run.dims, null) ? [original, run] : null;
  // After the batch come tokens, where something else is as long; later two are from token to token.
  if (another !== undefined && axis !== 1) return null;
  const common = ends.flatMap((end, at) => (end >= 0 ? [[at, end] as const] : []));
  return [
    pick(
      original,
      axis,
      common.map(([at]) => at),
    ),
    pick(
      run,
      axis,
      common.map(([, end]) => end),
    ),
  ];
}

const sameBut = (a: readonly number[], b: readonly number[], axis: number | null): boolean =>
  a.length === b.length && a.every((dim, at) => at === axis || dim === b[at]);

const columnsOf = (output: OutputTensor, columns: readonly number[]): OutputTensor =>
  pick(output, output.dims.length - 1, columns);

/** Slices of a float tensor along `axis`; other tensors are not compared. */
function pick(output: OutputTensor, axis: number, indices: readonly number[]): OutputTensor {
  const values = floatsOf(output);
  if (!values) return output;
  const count = output.dims[axis] ?? 1;
  const width = output.dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = count * width > 0 ? values.length / count / width : 0;
  const picked = new Float32Array(outer * indices.length * width);
  let to = 0;
  for (let row = 0; row < outer; row++) {
    for (const index of indices) {
      const from = (row * count + index) * width;
      for (let at = 0; at < width; at++) picked[to + at] = values[from + at] ?? 0;
      to += width;
    }
  }
  return { dtype: 'float32', dims: output.dims.with(axis, indices.length), data: picked };
}
