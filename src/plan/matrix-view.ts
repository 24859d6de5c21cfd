/** Whether a technique can act on a weight, and as which matrix. Reasons are shown to the person. */
import type { WeightOperator } from '../catalog/encodings.ts';
import { isFloat } from '../core/dtype.ts';
import { MAIN_GRAPH } from '../model/graphs.ts';
import type { Attribute, Graph, Node } from '../model/model.ts';
import type { Use, Weight } from '../model/weight.ts';

export interface MatrixView {
  readonly operator: WeightOperator;
  /** Length of the axis that is summed over (an embedding's width). */
  readonly K: number;
  /** Output channels (an embedding's rows). */
  readonly N: number;
  /** Stored [N, K] instead of [K, N]. */
  readonly transposed: boolean;
}

export type ViewResult = { readonly view: MatrixView } | { readonly reason: string };

/** The one matrix that all uses of `weight` agree on, or why there is none. */
export function viewAsMatrix(weight: Weight, graph: Graph): ViewResult {
  const { tensor, uses } = weight;
  if (!isFloat(tensor.dtype) || tensor.dtype === 'float64') {
    return { reason: `${tensor.dtype} values, not weights` };
  }
  const [first, ...others] = uses;
  if (!first) return { reason: 'No operator uses it' };
  if (tensor.dims.length < 2) return { reason: 'Biases and norms: 1-D, kept as they are' };
  if (tensor.dims.includes(0)) return { reason: 'Holds no values' };
  if (tensor.payload.kind === 'sparse') return { reason: 'Stored sparse: not compressible yet' };
  if (weight.isGraphInput) return { reason: 'A graph input too: callers may override it' };
  if (weight.isGraphOutput) return { reason: 'A graph output too: its values are visible' };

  const result = viewOfUse(weight, first, graph);
  if ('reason' in result) return result;
  for (const use of others) {
    const other = viewOfUse(weight, use, graph);
    if ('reason' in other) return other;
    if (!sameLayout(result.view, other.view)) {
      return { reason: 'Shared by uses that need different layouts' };
    }
  }
  return result;
}

const sameLayout = (a: MatrixView, b: MatrixView): boolean =>
  (a.operator === 'Gather') === (b.operator === 'Gather') && a.transposed === b.transposed;

function viewOfUse(weight: Weight, use: Use, graph: Graph): ViewResult {
  if (use.graph !== MAIN_GRAPH) return { reason: 'Used inside a subgraph: not compressible yet' };
  const node = graph.nodes[use.nodeIndex];
  if (use.domain !== '' || !node) return { reason: notYet(use.op) };
  const { dims, dtype } = weight.tensor;
  const widened = use.via.some((index) => graph.nodes[index]?.op === 'Cast');
  if (dtype !== 'float32' && !widened)
    return { reason: `${dtype} arithmetic: not compressible yet` };
  const [rows = 0, columns = 0] = dims;
  const flipped = use.permutation !== null && use.permutation[0] === 1;

  switch (use.op) {
    case 'MatMul':
      if (use.inputIndex !== 1) return { reason: 'Left operand of MatMul: not compressible yet' };
      if (dims.length !== 2) return { reason: 'A batch of matrices: not compressible yet' };
      return matrix('MatMul', rows, columns, flipped);
    case 'Gemm': {
      if (use.inputIndex !== 1) return { reason: 'Not the weight operand of Gemm' };
      const odd = unusualGemm(node);
      if (odd) return { reason: odd };
      return matrix('Gemm', rows, columns, flipped !== (intOf(node, 'transB', 0) === 1));
    }
    case 'Gather':
      if (use.inputIndex !== 0) return { reason: 'Indices of Gather, not weights' };
      if (dims.length !== 2) return { reason: 'Gather from more than rows: not compressible yet' };
      if (flipped || ![0, -2].includes(intOf(node, 'axis', 0))) {
        return { reason: 'Gather along columns: not compressible yet' };
      }
      return { view: { operator: 'Gather', K: columns, N: rows, transposed: true } };
    default:
      return { reason: notYet(use.op) };
  }
}

const notYet = (op: string): string => `${op}: no technique acts on it yet`;

function matrix(
  operator: 'MatMul' | 'Gemm',
  rows: number,
  columns: number,
  transposed: boolean,
): ViewResult {
  const [K, N] = transposed ? [columns, rows] : [rows, columns];
  return { view: { operator, K, N, transposed } };
}

function unusualGemm(node: Node): string | null {
  if (intOf(node, 'transA', 0) === 1) return 'Gemm with transA: not compressible yet';
  const isOne = (name: string) => {
    const attribute: Attribute | undefined = node.attributes.get(name);
    return attribute === undefined || (attribute.kind === 'float' && attribute.value === 1);
  };
  if (isOne('alpha') && isOne('beta')) return null;
  return 'Gemm with alpha or beta: not compressible yet';
}

function intOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : fallback;
}
