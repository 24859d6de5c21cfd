/**
 * Gather of float rows → Gather of packed blocks, unpacked and scaled by ordinary operators that
 * every build of the runtime has on every backend:
 *
 *   codes [V, blocks, block·bits/8, 1] → Gather → (fields by BitShift → Concat on the last axis)
 *   → Cast → (Sub zero point) → Mul scale → Reshape [indices…, blocks·block] → (Slice to E)
 *
 * Only the gathered rows are widened.
 */
import type { NodeSpec } from '../model/edit.ts';
import { floatScalar, int64s } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import type { QuantizedEncoder, QuantizedJob } from './encoder.ts';
import { FLOAT, floatScales, onnx, stored } from './nodes.ts';
import type { Site } from './site.ts';
import { unpackedFields } from './unpacked-fields.ts';

/** Scales are widened before they are looked up: a GPU without 16-bit floats cannot gather them. */
export const packedRows: QuantizedEncoder = (job, context) => {
  const { scales, nodes: prelude } = floatScales(job, context);
  return {
    kind: 'operator',
    prelude,
    replace: (site, own) => packedLookup(site, scales, job, own),
  };
};

/** @param scales name of the float32 scales */
export function packedLookup(
  { input: indices, output }: Site,
  scales: string,
  job: QuantizedJob,
  context: EncodeContext,
): readonly NodeSpec[] {
  const { K } = job.shape;
  const nodes: NodeSpec[] = [];
  const add = (
    op: string,
    inputs: readonly string[],
    part: string,
    attributes: NodeSpec['attributes'] = {},
  ): string => {
    const value = part === '' ? output : context.unique(`${output}_${part}`);
    nodes.push(onnx(op, inputs, value, attributes));
    return value;
  };
  const gather = (table: string, part: string) =>
    add('Gather', [table, indices], part, { axis: { int: 0 } });
  const cast = (value: string, part: string) => add('Cast', [value], part, { to: { int: FLOAT } });

  let codes = gather(stored(job, 'codes'), 'codes');
  if (job.choice.bits < 8) {
    const { fields, nodes: shifts } = unpackedFields(codes, job.choice.bits, context);
    nodes.push(...shifts);
    codes = add('Concat', fields, 'fields', { axis: { int: -1 } });
  }
  let levels = cast(codes, 'float_codes');
  const zero = zeroOf(job, context, gather, cast);
  if (zero !== null) levels = add('Sub', [levels, zero], 'levels');
  const scale = gather(scales, 'scale');
  const scaled = add('Mul', [levels, scale], 'blocks');

  const padded = Math.ceil(K / blockOf(job)) * blockOf(job);
  const leading = add('Shape', [indices], 'leading');
  const shape = add('Concat', [leading, int64s(context, [padded])], 'shape', { axis: { int: 0 } });
  if (padded === K) {
    add('Reshape', [scaled, shape], '');
    return nodes;
  }
  const rows = add('Reshape', [scaled, shape], 'padded');
  const bounds = [int64s(context, [0]), int64s(context, [K]), int64s(context, [-1])];
  add('Slice', [rows, ...bounds], '');
  return nodes;
}

/** What is subtracted from codes; null where they are signed already. */
function zeroOf(
  job: QuantizedJob,
  context: EncodeContext,
  gather: (table: string, part: string) => string,
  cast: (value: string, part: string) => string,
): string | null {
  const { bits } = job.choice;
  if (job.tensors.zeroPoints) {
    return cast(gather(job.tensors.zeroPoints.name, 'zero_point'), 'float_zero_point');
  }
  return bits === 8 ? null : floatScalar(context, 2 ** (bits - 1));
}

const blockOf = ({ choice, shape }: QuantizedJob): number =>
  choice.blockSize === 'channel' ? shape.K : choice.blockSize;
