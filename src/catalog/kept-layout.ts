/** The tensors of a matrix of which only some values are stored. */
import { elementCount } from '../core/shape.ts';
import type { EncodingChoice } from './encodings.ts';
import type { TensorLayout } from './tensor-layout.ts';

/**
 * In place of a tensor of n values or codes: a mask of n bits, the first lowest, and those whose bit
 * is set, after one that stands for zero. Other tensors stay.
 */
export function keptLayout(tensor: TensorLayout, choice: EncodingChoice): TensorLayout[] {
  const { role, suffix, dtype, dims } = tensor;
  if (role !== 'codes' && role !== 'values') return [tensor];
  const bits = fieldBits(choice);
  const stored = (choice.kept ?? 0) + 1;
  const [kept, count]: readonly [readonly number[], number] =
    bits === null || bits === 8
      ? [[stored], elementCount(dims)]
      : [[Math.ceil((stored * bits) / 8), 1], (elementCount(dims) * 8) / bits];
  return [
    { role: 'mask', suffix: '_mask', dtype: 'uint8', dims: [Math.ceil(count / 8), 1] },
    { role, suffix: `${suffix}_kept`, dtype, dims: kept },
  ];
}

/** Of a code; null for floats. */
const fieldBits = (choice: EncodingChoice): number | null =>
  choice.kind === 'quantized' ? choice.bits : null;
