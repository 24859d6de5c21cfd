/**
 * Where the scales of an activation's channels can be taken into constants, so that nothing new is
 * computed: the constants that make the value are divided by them. Found from the graph alone.
 *
 *   norms (gamma, beta) · a product by a constant · a sum with one · the output channels of a
 *   product and its bias · one side of a product of two values (gated networks) · Cast, Identity
 */
import { intOf } from '../../encoders/lower.ts';
import type { Node } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import type { ValueReaders } from '../value-readers.ts';

/** A constant whose elements are divided by the scale of their channel, counted along `axis`. */
export interface FoldedConstant {
  readonly weight: Weight;
  readonly axis: number;
}

/** Constants of one graph by the names of their values, views (Transpose, Identity) included. */
export type ConstantOf = (name: string) => Weight | undefined;

/** Chains between an activation and what makes it are short. */
const LONGEST_CHAIN = 16;

/**
 * The constants to divide so that `value` comes out divided by one scale a channel of its last axis;
 * null if there are none, or if others than `readers` see the value or what makes it.
 * - `K` — channels
 * - `readers` — nodes that take the scaled value
 */
export function foldScales(
  value: string,
  K: number,
  readers: ReadonlySet<number>,
  graph: ValueReaders,
  constantOf: ConstantOf,
): readonly FoldedConstant[] | null {
  const fold = (
    name: string,
    seenBy: ReadonlySet<number>,
    left: number,
  ): readonly FoldedConstant[] | null => {
    const node = graph.producerOf(name);
    if (!node || left === 0 || node.outputs[0] !== name) return null;
    if (!graph.isReadOnlyBy(name, seenBy)) return null;
    const behind = (input: string | undefined) =>
      input === undefined ? null : fold(input, new Set([node.index]), left - 1);
    const vector = (input: string | undefined) => vectorOf(input, K, constantOf);
    return foldNode(node, { K, behind, vector, constantOf });
  };
  return fold(value, readers, LONGEST_CHAIN);
}

interface Around {
  readonly K: number;
  readonly behind: (input: string | undefined) => readonly FoldedConstant[] | null;
  readonly vector: (input: string | undefined) => FoldedConstant | null;
  readonly constantOf: ConstantOf;
}

function foldNode(node: Node, around: Around): readonly FoldedConstant[] | null {
  const { behind, vector } = around;
  const [first, second] = node.inputs;
  switch (node.op) {
    case 'Identity':
      return node.domain === '' ? behind(first) : null;
    case 'Cast':
      return node.domain === '' && intOf(node, 'to', 0) === FLOAT ? behind(first) : null;
    case 'LayerNormalization':
      return together(node, vector, [1], [2]);
    case 'RMSNormalization':
    case 'SimplifiedLayerNormalization':
      return together(node, vector, [1], []);
    case 'SkipLayerNormalization':
      return together(node, vector, [2], [3]);
    case 'SkipSimplifiedLayerNormalization':
      return together(node, vector, [2], []);
    case 'Mul': {
      if (node.domain !== '' || first === second) return null;
      const own = vector(first) ?? vector(second);
      return own ? [own] : (behind(first) ?? behind(second));
    }
    case 'Add': {
      if (node.domain !== '') return null;
      const [own, other] = vector(first) ? [vector(first), second] : [vector(second), first];
      const rest = own && behind(other);
      return rest ? [own, ...rest] : null;
    }
    case 'MatMul':
    case 'Gemm':
      return node.domain === '' ? foldProduct(node, around) : null;
    default:
      return null;
  }
}

const FLOAT = 1;

/** All of `required`, and those of `optional` that are given, as vectors; else null. */
function together(
  { inputs }: Node,
  vector: Around['vector'],
  required: readonly number[],
  optional: readonly number[],
): readonly FoldedConstant[] | null {
  const given = optional.filter((at) => (inputs[at] ?? '') !== '');
  const found = [...required, ...given].map((at) => vector(inputs[at]));
  return found.every((it) => it !== null) ? found : null;
}

/** The output channels of `x · W (+ bias)`. */
function foldProduct(
  node: Node,
  { K, vector, constantOf }: Around,
): readonly FoldedConstant[] | null {
  const [, name = '', bias = ''] = node.inputs;
  const weight = constantOf(name);
  const [use] = weight?.uses ?? [];
  if (!weight || !use || !isOwn(weight) || use.inputIndex !== 1) return null;
  const { dims } = weight.tensor;
  if (dims.length !== 2) return null;
  const outputs = node.op === 'Gemm' && intOf(node, 'transB', 0) === 1 ? 0 : 1;
  const axis = use.permutation?.[outputs] ?? outputs;
  if (dims[axis] !== K) return null;
  const own = { weight, axis };
  if (node.op === 'MatMul' || bias === '') return [own];
  const summand = vector(bias);
  return summand ? [own, summand] : null;
}

/** A constant of K elements along the last axis, which nothing else uses. */
function vectorOf(
  name: string | undefined,
  K: number,
  constantOf: ConstantOf,
): FoldedConstant | null {
  const weight = name ? constantOf(name) : undefined;
  if (!weight || !isOwn(weight)) return null;
  const { dims } = weight.tensor;
  const axis = dims.length - 1;
  const isVector = dims[axis] === K && dims.slice(0, -1).every((length) => length === 1);
  return isVector && weight.uses[0]?.via.length === 0 ? { weight, axis } : null;
}

/** Used once, its values seen by nobody else. */
const isOwn = ({ uses, tensor, isGraphInput, isGraphOutput }: Weight): boolean =>
  uses.length === 1 &&
  tensor.dtype === 'float32' &&
  tensor.payload.kind !== 'sparse' &&
  !isGraphInput &&
  !isGraphOutput;
