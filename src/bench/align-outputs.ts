/**
 * Outputs of a run with a tokenizer of its own beside the original's, in one shape: of what both give
 * token by token, the places at which both have split the text alike.
 */
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
 * `names` of both, without those whose shapes differ otherwise than by the tokens of the row.
 * - `names` — what is read: caches of keys turn with the position of a token, which is another
 */
export function alignOutputs(
  original: Outputs,
  run: Outputs,
  names: readonly string[],
  places: TokenPlaces,
): AlignedOutputs {
  const pairs = names.flatMap((name) => {
    const [wanted, given] = [original[name], run[name]];
    const aligned = wanted && given && alignTensors(wanted, given, places);
    return aligned ? [[name, aligned] as const] : [];
  });
  const side = (at: 0 | 1) =>
    Object.fromEntries(pairs.map(([name, tensors]) => [name, tensors[at]] as const));
  return { original: side(0), run: side(1) };
}

/** `outputs` with the logits of the run's tokens alone, in their order. */
export function inTokensOfRun(outputs: Outputs, logits: TokenLogits | null): Outputs {
  const output = logits && outputs[logits.name];
  if (!output) return outputs;
  const own = pick(output, output.dims.length - 1, logits.originalIds);
  return { ...outputs, [logits.name]: own };
}

type Pair = readonly [original: OutputTensor, run: OutputTensor];

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
  const [theirs, own] = [common.map(([at]) => at), common.map(([, end]) => end)];
  return [pick(original, axis, theirs), pick(run, axis, own)];
}

const sameBut = (a: readonly number[], b: readonly number[], axis: number | null): boolean =>
  a.length === b.length && a.every((dim, at) => at === axis || dim === b[at]);

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
