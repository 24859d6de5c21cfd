/** The tensors that codebook encodings store, from shapes and options alone. */

import type { CodebookChoice } from './encodings.ts';
import type { MatrixShape } from './matrix-shape.ts';
import type { TensorLayout } from './tensor-layout.ts';

/** Widths of the bit planes of a code, its lowest bits first: each fills whole bytes evenly. */
export function codePlanes(bits: CodebookChoice['bits']): readonly number[] {
  return PLANES[bits];
}

const PLANES = { 1: [1], 2: [2], 3: [2, 1], 4: [4], 5: [4, 1], 6: [4, 2] } as const;

/** Codes that are stored: those of the weight up to whole blocks, or to whole bytes of each plane. */
export function storedCodes(
  { bits, blockSize }: Pick<CodebookChoice, 'bits' | 'blockSize'>,
  { K, N }: Pick<MatrixShape, 'K' | 'N'>,
): number {
  const unit = blockSize ?? 8 / Math.min(...codePlanes(bits));
  return Math.ceil((K * N) / unit) * unit;
}

/** Codebooks of a weight. */
export const codebookCount = (
  { channels }: Pick<CodebookChoice, 'channels'>,
  { N }: Pick<MatrixShape, 'N'>,
): number => (channels === 'all' ? 1 : Math.ceil(N / channels));

/**
 * `rows`: channel after channel, [N, K], as MatMulBnb4 takes its blocks. `lying`: as the constant's
 * own axes run.
 */
export const codeOrder = (
  { entries }: Pick<CodebookChoice, 'entries'>,
  { perm, transposed }: Pick<MatrixShape, 'perm' | 'transposed'>,
): 'rows' | 'lying' => (entries === 'nf4' && perm === null && !transposed ? 'rows' : 'lying');

export function codebookLayout(choice: CodebookChoice, shape: MatrixShape): TensorLayout[] {
  const { encoding, bits, blockSize, scaleType } = choice;
  const { K, N } = shape;
  const half = scaleType === 'float16' ? '_f16' : '';
  const magnitudes = (dims: readonly number[]): TensorLayout => ({
    ...{ role: 'scales', suffix: `_absmax${half}`, dtype: scaleType, dims },
  });
  if (encoding === 'matmul-bnb4') {
    return [
      { role: 'codes', suffix: '_Bnb4', dtype: 'uint8', dims: [Math.ceil((K * N) / 2)] },
      magnitudes([Math.ceil((K * N) / (blockSize ?? K * N))]),
    ];
  }
  const count = storedCodes(choice, shape);
  const planes = codePlanes(bits).map(
    (width, at): TensorLayout => ({
      role: at === 0 ? 'codes' : 'highCodes',
      suffix: `_codes${width}`,
      dtype: 'uint8',
      dims: [(count * width) / 8, 1],
    }),
  );
  const levels: TensorLayout =
    blockSize !== null
      ? magnitudes([count / blockSize, 1])
      : {
          ...{ role: 'codebook', suffix: `_codebook${half}`, dtype: scaleType },
          dims: [codebookCount(choice, shape) * 2 ** bits],
        };
  const columns: TensorLayout = {
    ...{ role: 'columnScales', suffix: '_column_scale', dtype: 'float32', dims: [N] },
  };
  return [...planes, levels, ...(encoding === 'codebook-to-uint8' ? [columns] : [])];
}
