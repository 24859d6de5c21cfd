/** Where in the graph the inputs of a weight can be seen, and how they lie there. */
import { intOf, intsOf } from '../encoders/lower.ts';
import type { GraphId } from '../model/graphs.ts';
import { MAIN_GRAPH } from '../model/graphs.ts';
import type { Graph, Node } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';
import type { MatrixView } from './matrix-view.ts';

/** How a convolution reads its input; spatial lists have one entry an axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Before each axis. */
  readonly padsBefore: readonly number[];
  /** After each axis. */
  readonly padsAfter: readonly number[];
  /** The pads follow from the input's size. */
  readonly autoPad: 'none' | 'same-upper' | 'same-lower';
}

/** One value of the main graph from which vectors of K inputs are taken. */
export interface InputSource {
  readonly value: string;
  /** `rows`: the last axis, [.., K]; `columns`: a matrix [K, ..]; else patches [C · kernel]. */
  readonly layout: 'rows' | 'columns' | Window;
}

export type WeightInputs =
  | { readonly sources: readonly InputSource[] }
  /** Why they cannot be seen. */
  | { readonly reason: string };

/** All uses of a weight, each with the value that it is multiplied with. */
export function inputsOfWeight(
  { graph: home, uses }: Weight,
  view: MatrixView,
  graphs: ReadonlyMap<GraphId, Graph>,
): WeightInputs {
  const sources: InputSource[] = [];
  for (const { graph, nodeIndex, inputIndex } of uses) {
    if (home !== MAIN_GRAPH || graph !== MAIN_GRAPH) return { reason: IN_A_BODY };
    const node = graphs.get(graph)?.nodes[nodeIndex];
    const source = node && sourceOf(node, inputIndex, view);
    if (!source) return { reason: `the inputs of ${node?.op ?? 'its operator'} are not seen` };
    sources.push(source);
  }
  return { sources };
}

const IN_A_BODY = 'its operator runs inside a body or a function';

function sourceOf(node: Node, inputIndex: number, view: MatrixView): InputSource | null {
  const [input = ''] = node.inputs;
  if (input === '' || inputIndex !== 1) return null;
  switch (node.op) {
    case 'MatMul':
      return { value: input, layout: 'rows' };
    case 'Gemm':
      return { value: input, layout: intOf(node, 'transA', 0) === 1 ? 'columns' : 'rows' };
    case 'Conv':
      return view.groups === 1 ? { value: input, layout: windowOf(node, view) } : null;
    case 'LSTM':
    case 'GRU':
      // Two directions are two matrices side by side, each with the whole input.
      return view.dims[0] === 1 ? { value: input, layout: 'rows' } : null;
    default:
      return null;
  }
}

function windowOf(node: Node, { dims }: MatrixView): Window {
  const kernel = dims.slice(2);
  const ones = kernel.map(() => 1);
  const zeros = kernel.map(() => 0);
  const pads = intsOf(node, 'pads') ?? [...zeros, ...zeros];
  const auto = node.attributes.get('auto_pad');
  const word = auto?.kind === 'string' ? auto.value : 'NOTSET';
  return {
    kernel,
    strides: intsOf(node, 'strides') ?? ones,
    dilations: intsOf(node, 'dilations') ?? ones,
    padsBefore: word === 'VALID' ? zeros : pads.slice(0, kernel.length),
    padsAfter: word === 'VALID' ? zeros : pads.slice(kernel.length),
    autoPad: word === 'SAME_UPPER' ? 'same-upper' : word === 'SAME_LOWER' ? 'same-lower' : 'none',
  };
}
