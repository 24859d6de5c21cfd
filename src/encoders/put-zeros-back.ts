/**
 * From a mask and the values that it keeps to the tensor of all values, by operators that every
 * build folds as it loads the model (NonZero and ScatterElements would be left to every run):
 *
 *   mask [bytes, 1] → its bits as 0 and 1 → Cast int32 → (Slice to n) → CumSum → Mul by the bits
 *   = where each value is stored, 0 for a zero → Gather of the kept ones, the first of them zero
 *   → (packed again: MatMulInteger with 1, 16) → Reshape
 */
import { denseLayout } from '../catalog/encoding-layout.ts';
import { assert } from '../core/assert.ts';
import type { NodeSpec } from '../model/edit.ts';
import { byteScalar, int64s } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import type { EncodeJob } from './encoder.ts';
import { fieldCount } from './kept-values.ts';
import { onnx, stored, UINT8 } from './nodes.ts';

const INT32 = 6;

type Add = (op: string, inputs: readonly string[], attributes?: NodeSpec['attributes']) => string;

/** The job with all its values stored, and the nodes that give them; none where they are. */
export function putZerosBack(
  job: EncodeJob,
  context: EncodeContext,
): { readonly job: EncodeJob; readonly nodes: readonly NodeSpec[] } {
  const { choice, shape, tensors } = job;
  if (choice.kept === undefined) return { job, nodes: [] };
  const role = choice.kind === 'float' ? 'values' : 'codes';
  const layout = denseLayout(choice, shape).find((tensor) => tensor.role === role);
  assert(layout, `${choice.encoding} stores ${role}`);
  const nodes: NodeSpec[] = [];
  const add: Add = (op, inputs, attributes = {}) => {
    // Short, because names of weights, many times over, are longer than small weights.
    const value = context.unique('zeros');
    nodes.push(onnx(op, inputs, value, attributes));
    return value;
  };

  const count = fieldCount(choice, shape);
  const places = placesOf(stored(job, 'mask'), count, add, context);
  const bits = choice.kind === 'quantized' ? choice.bits : 8;
  const kept = stored(job, role);
  const single = bits === 8 ? kept : unpackedFlat(kept, bits, add, context);
  let values = add('Gather', [single, places], { axis: { int: 0 } });
  if (bits < 8) values = packedAgain(values, bits, add, context);
  const name = choice.encoding === 'dense' ? job.value.name : context.unique(`${job.name}_${role}`);
  nodes.push(onnx('Reshape', [values, int64s(context, layout.dims)], name));
  const { dtype, dims } = layout;
  return { job: { ...job, tensors: { ...tensors, [role]: { name, dtype, dims } } }, nodes };
}

/** int32 [count]: the place of each value among the kept ones, counted from 1; 0 for a zero. */
function placesOf(mask: string, count: number, add: Add, context: EncodeContext): string {
  const wide = add('Cast', [unpackedFlat(mask, 1, add, context)], { to: { int: INT32 } });
  const bounds = () => [int64s(context, [0]), int64s(context, [count])];
  const bits = count % 8 === 0 ? wide : add('Slice', [wide, ...bounds()]);
  const ranks = add('CumSum', [bits, axisZero(context)]);
  return add('Mul', [ranks, bits]);
}

/** The fields of packed bytes [bytes, 1] in a row, one byte each. */
function unpackedFlat(packed: string, bits: number, add: Add, context: EncodeContext): string {
  const right = { direction: { string: 'RIGHT' } };
  const top = byteScalar(context, 8 - bits);
  const lowered = add('BitShift', [packed, fieldStarts(context, bits)], right);
  const raised = add('BitShift', [lowered, top], { direction: { string: 'LEFT' } });
  const fields = add('BitShift', [raised, top], right);
  return add('Reshape', [fields, int64s(context, [-1])]);
}

/** One byte a code → packed bytes; sums of shifted codes, because BitwiseOr needs opset 18. */
function packedAgain(codes: string, bits: number, add: Add, context: EncodeContext): string {
  const rows = add('Reshape', [codes, int64s(context, [-1, 8 / bits])]);
  const sums = add('MatMulInteger', [rows, fieldUnits(context, bits)]);
  return add('Cast', [sums], { to: { int: UINT8 } });
}

const axisZero = (context: EncodeContext): string =>
  context.constant('axis_0', () => ({ dtype: 'int64', dims: [], bytes: new Uint8Array(8) }));

/** Lowest bits of the fields of a byte. */
function fieldStarts(context: EncodeContext, bits: number): string {
  const bytes = Uint8Array.from({ length: 8 / bits }, (_, at) => at * bits);
  return context.constant(`starts_${bits}`, () => ({ dtype: 'uint8', dims: [8 / bits], bytes }));
}

/** What one in each field of a byte counts, as a column. */
function fieldUnits(context: EncodeContext, bits: number): string {
  const bytes = Uint8Array.from({ length: 8 / bits }, (_, at) => 2 ** (at * bits));
  return context.constant(`units_${bits}`, () => ({ dtype: 'uint8', dims: [8 / bits, 1], bytes }));
}
