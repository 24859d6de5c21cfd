/** Whether a technique can act on a weight, and as which matrix. Reasons are shown to the person. */
import type { EncodingRow, FloatType } from '../catalog/encodings.ts';
import { type MatrixShape, shapeByAxis } from '../catalog/matrix-shape.ts';
import type { StoredPlace } from '../catalog/quantizers.ts';
import { isFloat } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import { intOf } from '../encoders/lower.ts';
import { type GraphId, MAIN_GRAPH } from '../model/graphs.ts';
import type { Graph, Node } from '../model/model.ts';
import type { Use, Weight } from '../model/weight.ts';

export interface MatrixView extends MatrixShape {
  /** The row of the encoding table that the weight stands in. */
  readonly operator: EncodingRow;
  /** Of a convolution; else 1. */
  readonly groups: number;
  /** The tensor as it lies, [outer, axisLength, inner], by the axis that one output sums over. */
  readonly inputs: { readonly axisLength: number; readonly inner: number };
  readonly valueType: FloatType;
}

export type ViewResult = { readonly view: MatrixView } | { readonly reason: string };

type Graphs = ReadonlyMap<GraphId, Graph>;

/** The one matrix that all uses of `weight` can be served by, or why there is none. */
export function viewAsMatrix(weight: Weight, graphs: Graphs): ViewResult {
  const { tensor, uses } = weight;
  const { dtype, dims } = tensor;
  if (!isFloat(dtype)) return { reason: `${dtype} values, not weights` };
  if (uses.length === 0) return { reason: 'No operator uses it' };
  if (dims.length < 2) return { reason: 'Biases and norms: 1-D, kept as they are' };
  if (dims.includes(0)) return { reason: 'Holds no values' };
  if (tensor.payload.kind === 'sparse') return { reason: 'Stored sparse: kept as it is' };
  if (weight.isGraphInput) return { reason: 'A graph input too: callers may override it' };
  if (weight.isGraphOutput) return { reason: 'A graph output too: its values are visible' };

  const places: Place[] = [];
  for (const use of uses) {
    const place = placeOf(weight, use, graphs);
    if ('reason' in place) return place;
    places.push(place);
  }
  const place = together(places);
  const { channelAxis, inputAxis, groups } = place;
  const inputLength = dims[inputAxis] ?? 1;
  // A transposed convolution's groups split the axis of its inputs.
  const split = places[0]?.row === 'ConvTranspose' && inputLength % groups === 0 ? groups : 1;
  return {
    view: {
      ...shapeByAxis(dims, channelAxis),
      operator: place.row,
      groups,
      inputs: {
        axisLength: inputLength / split,
        inner: elementCount(dims.slice(inputAxis + 1)),
      },
      valueType: dtype as FloatType,
    },
  };
}

/** Every operator that uses it reads values of the main graph, which calibration can see. */
export const isSeen = ({ uses }: Pick<Weight, 'uses'>): boolean =>
  uses.every(({ graph }) => graph === MAIN_GRAPH);

/** Where the whole of `weight` stands in the table of encodings. */
export const storedPlace = (view: MatrixView, weight: Pick<Weight, 'uses'>): StoredPlace => ({
  row: view.operator,
  shape: {
    K: view.K,
    N: view.N,
    transposed: view.transposed,
    dims: view.dims,
    perm: view.perm,
    channelAxis: view.channelAxis,
  },
  groups: view.groups,
  valueType: view.valueType,
  isSeen: isSeen(weight),
});

/** What one use wants; axes are the tensor's. */
interface Place {
  readonly row: EncodingRow;
  readonly channelAxis: number;
  readonly inputAxis: number;
  readonly groups: number;
}

/**
 * Uses that agree keep their row of the table, and so do lookups beside products of the same
 * channels; else the value itself serves them all.
 */
function together(places: readonly Place[]): Place {
  const [first] = places;
  if (!first) throw new Error('a weight has uses');
  const isAlike = places.every(
    ({ channelAxis, groups }) => channelAxis === first.channelAxis && groups === first.groups,
  );
  const kinds = new Set(places.map(({ row }) => kindOf(row)));
  if (isAlike && kinds.size === 1) return first;
  const isTied = isAlike && kinds.size === 2 && kinds.has('MatMul') && kinds.has('Gather');
  return { ...first, row: isTied ? 'tied' : 'value' };
}

const kindOf = (row: EncodingRow): EncodingRow => (row === 'Gemm' ? 'MatMul' : row);

function placeOf(weight: Weight, use: Use, graphs: Graphs): Place | { readonly reason: string } {
  const node = graphs.get(use.graph)?.nodes[use.nodeIndex];
  if (use.domain !== '' || !node) return { reason: notYet(use.op) };
  if (node.subgraphs.length > 0) return { reason: `${use.op} with a body: kept as it is` };
  if (!isRead(node)) return { reason: `${use.op} whose result has no name: kept as it is` };
  const { dims, dtype } = weight.tensor;
  const axes = axesOf(node, use.inputIndex, dims.length);
  if ('reason' in axes) return axes;
  const { permutation } = use;
  const axisOf = (axis: number): number => permutation?.[axis] ?? axis;
  const isWide = dtype === 'float32' || isWidened(use, graphs);
  const asItIs = permutation === null || !axes.row.startsWith('Conv');
  return {
    row: isWide && asItIs ? axes.row : 'value',
    channelAxis: axisOf(axes.channels),
    inputAxis: axisOf(axes.inputs),
    groups: axes.row.startsWith('Conv') ? intOf(node, 'group', 1) : 1,
  };
}

/** Of a recurrent layer often only the last state is read, which is its second or third result. */
const isRead = ({ op, outputs }: Node): boolean =>
  op === 'LSTM' || op === 'GRU' ? outputs.some((name) => name !== '') : Boolean(outputs[0]);

/** Stored in 16 bits and used in 32. */
const isWidened = ({ via, viaGraphs }: Use, graphs: Graphs): boolean =>
  via.some((index, at) => graphs.get(viaGraphs[at] ?? '')?.nodes[index]?.op === 'Cast');

interface Axes {
  readonly row: EncodingRow;
  /** Of output channels and of inputs, in the weight as the operator sees it. */
  readonly channels: number;
  readonly inputs: number;
}

function axesOf(node: Node, input: number, rank: number): Axes | { readonly reason: string } {
  switch (node.op) {
    case 'MatMul':
      return input === 1
        ? { row: rank === 2 ? 'MatMul' : 'value', channels: rank - 1, inputs: rank - 2 }
        : { row: 'value', channels: rank - 2, inputs: rank - 1 };
    case 'Gemm': {
      if (input > 1 || rank !== 2) return { reason: 'Not the weight operand of Gemm' };
      const isTurned = intOf(node, input === 1 ? 'transB' : 'transA', 0) === 1;
      const channels = (input === 1) !== isTurned ? 1 : 0;
      return { row: input === 1 ? 'Gemm' : 'value', channels, inputs: 1 - channels };
    }
    case 'Conv':
    case 'ConvTranspose': {
      if (input !== 1 || rank < 3) return { reason: `Not the weight operand of ${node.op}` };
      const channels = node.op === 'Conv' ? 0 : 1;
      return { row: node.op, channels, inputs: 1 - channels };
    }
    case 'LSTM':
    case 'GRU':
      if (input !== 1 && input !== 2) return { reason: `Biases or states of ${node.op}` };
      return rank === 3
        ? { row: node.op, channels: 1, inputs: 2 }
        : { reason: `Not a weight of ${node.op}` };
    case 'Gather': {
      if (input !== 0) return { reason: 'Indices of Gather, not weights' };
      const given = intOf(node, 'axis', 0);
      const channels = given < 0 ? given + rank : given;
      if (channels < 0 || channels >= rank) return { reason: `Gather along an axis ${given}` };
      const inputs = channels === rank - 1 ? rank - 2 : rank - 1;
      return { row: rank === 2 && channels === 0 ? 'Gather' : 'value', channels, inputs };
    }
    default:
      return { reason: notYet(node.op) };
  }
}

const notYet = (op: string): string => `${op}: no technique acts on it yet`;
