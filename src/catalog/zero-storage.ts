/** Whether the zeros of a pruned matrix are left out of the file, and why not. */
import { denseLayout, encodingLayout, layoutBytes } from './encoding-layout.ts';
import type { EncodingChoice } from './encodings.ts';
import type { MatrixShape } from './matrix-shape.ts';
import type { TargetId } from './targets.ts';
import type { TensorLayout } from './tensor-layout.ts';

export type ZeroDecision<Choice> =
  | { readonly choice: Choice }
  /** Ends a sentence about zeros. */
  | { readonly dense: string };

/** More than the nodes that put zeros back take in the file. */
const NODE_BYTES = 1024;

/** Operators of the expansion: BitShift and CumSum. */
const MIN_OPSET = 11;

/** @param kept values that pruning leaves; the others are zero for certain */
export function packedZeros<Choice extends EncodingChoice>(
  choice: Choice,
  shape: MatrixShape,
  kept: number,
  target: TargetId,
): ZeroDecision<Choice> {
  if (target === 'portable') {
    return { dense: 'not every portable runtime puts them back as it loads a model' };
  }
  if (choice.kind === 'codebook') {
    return { dense: 'a codebook gives zeros a code like any other value' };
  }
  if (choice.kind === 'float' && choice.dtype !== 'float32' && choice.dtype !== 'float16') {
    return { dense: `${choice.dtype} values are stored whole` };
  }
  if (choice.kind === 'quantized' && !choice.symmetric) {
    return { dense: 'asymmetric codes have another zero in every block: symmetric ones can' };
  }
  if (choice.encoding === 'dequantize-linear' && choice.kind === 'quantized' && choice.bits < 8) {
    return { dense: 'DequantizeLinear takes 4-bit codes only as they are in the file' };
  }
  const packed = { ...choice, kept, minOpset: Math.max(choice.minOpset, MIN_OPSET) };
  const saved = bytesOf(denseLayout(choice, shape)) - bytesOf(encodingLayout(packed, shape));
  return saved > NODE_BYTES ? { choice: packed } : { dense: NOT_SMALLER };
}

const NOT_SMALLER = 'a bit for each value would take as much as the zeros do';

const bytesOf = (tensors: readonly TensorLayout[]): number =>
  tensors.reduce((sum, tensor) => sum + layoutBytes(tensor), 0);
