/** The tensors that each encoding stores, from shapes and options alone. */
import { byteLengthOf, type DType } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import { codebookLayout } from './codebook-layout.ts';
import type { EncodingChoice, QuantizedChoice } from './encodings.ts';
import { keptLayout } from './kept-layout.ts';
import type { MatrixShape } from './matrix-shape.ts';
import type { TensorLayout } from './tensor-layout.ts';

/** Stored tensors of one matrix. */
export function encodingLayout(choice: EncodingChoice, shape: MatrixShape): TensorLayout[] {
  const tensors = denseLayout(choice, shape);
  return choice.kept === undefined
    ? tensors
    : tensors.flatMap((tensor) => keptLayout(tensor, choice));
}

/** As `encodingLayout`, with every value stored. */
export function denseLayout(choice: EncodingChoice, shape: MatrixShape): TensorLayout[] {
  if (choice.kind === 'float') {
    const { dtype, encoding } = choice;
    return [
      { role: 'values', suffix: encoding === 'float16' ? '_f16' : '', dtype, dims: shape.dims },
    ];
  }
  if (choice.kind === 'codebook') return codebookLayout(choice, shape);
  if (choice.encoding === 'dequantize-linear') return dequantizeLayout(choice, shape);
  const { K, N } = shape;
  const { bits, symmetric, scaleType } = choice;
  const blockSize = choice.blockSize === 'channel' ? K : choice.blockSize;
  const blocks = Math.ceil(K / blockSize);
  const scaleSuffix = scaleType === 'float16' ? '_scales_f16' : '_scales';
  const packedZeros = [N, Math.ceil((blocks * bits) / 8)];
  const codes = (
    suffix: string,
    dims: readonly number[],
    dtype: DType = 'uint8',
  ): TensorLayout => ({ role: 'codes', suffix, dtype, dims });
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
    case 'tied-nbits':
      return [
        codes(`_Q${bits}`, [N, (K * bits) / 8]),
        scales(scaleSuffix, [N, blocks]),
        ...zeros('_zero_points', packedZeros),
      ];
    case 'tied-uint8':
      return [
        codes('_quantized', [N, K]),
        scales('_scale', [N, 1]),
        ...zeros('_zero_point', [N, 1]),
      ];
    case 'dynamic-uint8':
      return [codes('_quantized', [K, N]), scales('_scale', [N]), ...zeros('_zero_point', [N])];
    case 'blocks-to-uint8': {
      const column = columnBlocks(choice, K);
      return [
        codes(`_Q${bits}`, [(column.blocks * column.blockSize * bits) / 8, 1, N]),
        scales(scaleSuffix, [column.blocks, 1, N]),
        ...zeros('_zero_points', [column.blocks, 1, N]),
        columnScales(N),
      ];
    }
    case 'tied-blocks':
    case 'packed-rows':
      return [
        codes(
          `_Q${bits}`,
          [N, blocks, (blockSize * bits) / 8, 1],
          bits === 8 && symmetric ? 'int8' : 'uint8',
        ),
        scales(scaleSuffix, [N, blocks, 1, 1]),
        ...zeros('_zero_points', [N, blocks, 1, 1]),
        ...(choice.encoding === 'tied-blocks' ? [columnScales(N)] : []),
      ];
    case 'int8-rows':
      return [
        codes('_quantized', [N, K], symmetric ? 'int8' : 'uint8'),
        scales('_scale', [N, 1]),
        ...zeros('_zero_point', [N, 1]),
      ];
    case 'static-int8': {
      // A matrix in the order that a product takes it, a kernel as it is.
      const dtype: DType = choice.activation?.signed ? 'int8' : 'uint8';
      return [
        codes('_quantized', shape.dims.length === 2 ? [K, N] : shape.dims, dtype),
        scales('_scale', [N]),
        { role: 'zeroPoints', suffix: '_zero_point', dtype, dims: [N] },
      ];
    }
    case 'conv-uint8':
      return [
        codes('_quantized', shape.dims),
        scales('_scale', [1, N, ...shape.dims.slice(2).map(() => 1)]),
      ];
  }
}

/**
 * What DequantizeLinear takes: the constant itself with one scale a channel, or in blocks the matrix
 * as it lies. Zero points are explicit, zeros too, because several runtimes want them.
 */
function dequantizeLayout(choice: QuantizedChoice, shape: MatrixShape): TensorLayout[] {
  const { bits, blockSize, symmetric, scaleType } = choice;
  const { K, N, transposed } = shape;
  const dtype: DType = `${symmetric ? 'int' : 'uint'}${bits === 4 ? 4 : 8}`;
  let dims = shape.dims;
  let scaleDims = [N];
  if (blockSize !== 'channel') {
    const blocks = Math.ceil(K / blockSize);
    dims = transposed ? [N, K] : [K, N];
    scaleDims = transposed ? [N, blocks] : [blocks, N];
  }
  const suffix = scaleType === 'float16' ? '_scales_f16' : '_scale';
  return [
    { role: 'codes', suffix: '_quantized', dtype, dims },
    { role: 'scales', suffix, dtype: scaleType, dims: scaleDims },
    { role: 'zeroPoints', suffix: '_zero_point', dtype, dims: scaleDims },
  ];
}

const columnScales = (N: number): TensorLayout => ({
  role: 'columnScales',
  suffix: '_column_scale',
  dtype: 'float32',
  dims: [N],
});

/** Blocks down a column of `K`; one that spans the column is padded to whole packed bytes. */
export function columnBlocks(
  { blockSize, bits }: Pick<QuantizedChoice, 'blockSize' | 'bits'>,
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
export const bitsPerWeight = (choice: EncodingChoice, shape: MatrixShape): number =>
  (encodingLayout(choice, shape).reduce((sum, tensor) => sum + layoutBytes(tensor), 0) * 8) /
  (shape.K * shape.N);

/** Short name for tables: "int4·32", "fp16", "nf4·64", "palette4·16", "int8·channel packed". */
export function encodingLabel(choice: EncodingChoice): string {
  if (choice.kind === 'codebook') {
    return choice.blockSize === null
      ? `palette${choice.bits}·${choice.channels}`
      : `nf4·${choice.blockSize}`;
  }
  const zeros = choice.kept === undefined ? '' : ' packed';
  if (choice.kind === 'float') return `${FLOAT_LABELS[choice.dtype]}${zeros}`;
  return `int${choice.bits}·${choice.blockSize}${zeros}`;
}

const FLOAT_LABELS = {
  float32: 'fp32',
  float16: 'fp16',
  bfloat16: 'bf16',
  float64: 'fp64',
} as const;
