/** The tensors that each encoding stores, from shapes and options alone. */
import { byteLengthOf, type DType } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import type { EncodingChoice } from './encodings.ts';

export type TensorRole = 'codes' | 'scales' | 'zeroPoints' | 'columnScales';

export interface TensorLayout {
  readonly role: TensorRole;
  /** Appended to the weight's name, as ONNX Runtime's quantizers name them. */
  readonly suffix: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/**
 * Stored tensors of one weight.
 * @param K length of the axis that is summed over (an embedding's width)
 * @param N output channels (an embedding's rows)
 */
export function encodingLayout(choice: EncodingChoice, K: number, N: number): TensorLayout[] {
  const { bits, symmetric, scaleType } = choice;
  const blockSize = choice.blockSize === 'channel' ? K : choice.blockSize;
  const blocks = Math.ceil(K / blockSize);
  const scaleSuffix = scaleType === 'float16' ? '_scales_f16' : '_scales';
  const packedZeros = [N, Math.ceil((blocks * bits) / 8)];
  const codes = (
    suffix: string,
    dims: readonly number[],
    dtype: DType = 'uint8',
  ): TensorLayout => ({
    role: 'codes',
    suffix,
    dtype,
    dims,
  });
  const scales = (suffix: string, dims: readonly number[]): TensorLayout => ({
    role: 'scales',
    suffix,
    dtype: scaleType,
    dims,
  });
  const zeros = (suffix: string, dims: readonly number[]): TensorLayout[] =>
    symmetric ? [] : [{ role: 'zeroPoints', suffix, dtype: 'uint8', dims }];

  switch (choice.encoding) {
    case 'matmul-nbits':
      return [
        codes(`_Q${bits}`, [N, blocks, (blockSize * bits) / 8]),
        scales(scaleSuffix, [N, blocks]),
        ...zeros('_zero_points', packedZeros),
      ];
    case 'gather-block-quantized':
      return [
        codes(`_Q${bits}`, [N, Math.ceil((K * bits) / 8)]),
        scales(scaleSuffix, [N, blocks]),
        ...zeros('_zero_points', packedZeros),
      ];
    case 'dynamic-uint8':
      return [codes('_quantized', [K, N]), scales('_scale', [N]), ...zeros('_zero_point', [N])];
    case 'blocks-to-uint8': {
      const column = columnBlocks(choice, K);
      return [
        codes(`_Q${bits}`, [(column.blocks * column.blockSize * bits) / 8, 1, N]),
        scales(scaleSuffix, [column.blocks, 1, N]),
        ...zeros('_zero_points', [column.blocks, 1, N]),
        { role: 'columnScales', suffix: '_column_scale', dtype: 'float32', dims: [N] },
      ];
    }
    case 'packed-rows':
      return [
        codes(
          `_Q${bits}`,
          [N, blocks, (blockSize * bits) / 8, 1],
          bits === 8 && symmetric ? 'int8' : 'uint8',
        ),
        scales(scaleSuffix, [N, blocks, 1, 1]),
        ...zeros('_zero_points', [N, blocks, 1, 1]),
      ];
    case 'int8-rows':
      return [
        codes('_quantized', [N, K], symmetric ? 'int8' : 'uint8'),
        scales('_scale', [N, 1]),
        ...zeros('_zero_point', [N, 1]),
      ];
  }
}

/** Blocks down a column of `K`; one that spans the column is padded to whole packed bytes. */
export function columnBlocks(
  { blockSize, bits }: EncodingChoice,
  K: number,
): { readonly blocks: number; readonly blockSize: number } {
  if (blockSize !== 'channel') return { blocks: Math.ceil(K / blockSize), blockSize };
  const perByte = 8 / bits;
  return { blocks: 1, blockSize: Math.ceil(K / perByte) * perByte };
}

/** Bytes of a stored tensor. */
export const layoutBytes = ({ dtype, dims }: Pick<TensorLayout, 'dtype' | 'dims'>): number =>
  byteLengthOf(dtype, elementCount(dims));

/** Bits for each weight, scales and zero points included. */
export const bitsPerWeight = (choice: EncodingChoice, K: number, N: number): number =>
  (encodingLayout(choice, K, N).reduce((sum, tensor) => sum + layoutBytes(tensor), 0) * 8) /
  (K * N);

/** Short name for tables: "int4·32", "int8·channel". */
export const encodingLabel = ({ bits, blockSize }: EncodingChoice): string =>
  `int${bits}·${blockSize}`;
