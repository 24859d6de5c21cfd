import type { NodeSpec } from '../model/edit.ts';
import { byteScalar } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import { onnx } from './nodes.ts';

/**
 * The fields of packed bytes, lowest bits first, each of the packed tensor's shape. Two shifts
 * instead of a mask, because BitwiseAnd needs opset 18.
 */
export function unpackedFields(
  packed: string,
  bits: number,
  context: EncodeContext,
): { readonly fields: readonly string[]; readonly nodes: readonly NodeSpec[] } {
  const nodes: NodeSpec[] = [];
  const shift = (input: string, by: number, direction: 'LEFT' | 'RIGHT', part: string): string => {
    const output = context.unique(`${packed}_${part}`);
    const attributes = { direction: { string: direction } };
    nodes.push(onnx('BitShift', [input, byteScalar(context, by)], output, attributes));
    return output;
  };
  const fields: string[] = [];
  for (let low = 0; low < 8; low += bits) {
    const above = 8 - bits - low;
    const aligned = above > 0 ? shift(packed, above, 'LEFT', `left_${low}`) : packed;
    fields.push(shift(aligned, 8 - bits, 'RIGHT', `field_${low}`));
  }
  return { fields, nodes };
}
