/**
 * One table of packed 2- or 4-bit blocks for both uses: looked up and unpacked row by row as in
 * `packed-rows`, and unpacked whole at load to the uint8 matrix of the dynamic product as in
 * `blocks-to-uint8`.
 *
 *   codes [N, blocks, block·bits/8, 1] → fields → Concat on the last axis → Cast → Sub zero point
 *   → Mul scale → Reshape [N, Kp] → (Slice to K) → Transpose [K, N] → uint8 columns
 */
import type { NodeSpec } from '../model/edit.ts';
import { int64s } from './constants.ts';
import type { QuantizedEncoder } from './encoder.ts';
import { FLOAT, floatScales, onnx, stored } from './nodes.ts';
import { packedLookup } from './packed-rows.ts';
import { floatZero, uint8Columns } from './uint8-columns.ts';
import { unpackedFields } from './unpacked-fields.ts';

export const tiedBlocks: QuantizedEncoder = (job, context) => {
  const { choice, shape } = job;
  const { K, N } = shape;
  const { scales, nodes: scaleNodes } = floatScales(job, context);
  const { fields, nodes: shifts } = unpackedFields(stored(job, 'codes'), choice.bits, context);
  const zero = floatZero(job, context);
  const nodes: NodeSpec[] = [...scaleNodes, ...shifts, ...zero.nodes];
  const add = (
    op: string,
    inputs: readonly string[],
    part: string,
    attributes: NodeSpec['attributes'] = {},
  ): string => {
    const value = context.unique(`${job.name}_${part}`);
    nodes.push(onnx(op, inputs, value, attributes));
    return value;
  };
  const codes = add('Concat', fields, 'fields', { axis: { int: -1 } });
  const levels = add('Cast', [codes], 'float_codes', { to: { int: FLOAT } });
  const centred = add('Sub', [levels, zero.value], 'levels');
  const scaled = add('Mul', [centred, scales], 'blocks');
  const blockSize = choice.blockSize as number;
  const padded = Math.ceil(K / blockSize) * blockSize;
  let rows = add('Reshape', [scaled, int64s(context, [N, padded])], 'rows');
  if (padded !== K) {
    const bounds = [int64s(context, [0]), int64s(context, [K]), int64s(context, [1])];
    rows = add('Slice', [rows, ...bounds], 'cut');
  }
  const matrix = add('Transpose', [rows], 'matrix', { perm: { ints: [1, 0] } });
  const columns = uint8Columns(job, matrix, context);
  return {
    kind: 'operator',
    prelude: [...nodes, ...columns.nodes],
    replace: (site, own) =>
      site.kind === 'lookup' ? packedLookup(site, scales, job, own) : columns.multiply(site, own),
  };
};
