/** Which form a weight gets whose codes are entries of a codebook. */
import type { CodebookChoice, EncodingDecision, EncodingRow } from './encodings.ts';
import type { TargetId } from './targets.ts';
import type { OptionValue } from './technique.ts';

type Options = Readonly<Record<string, OptionValue>>;
type Decision = EncodingDecision<CodebookChoice>;

const NOT_PORTABLE = 'DequantizeLinear has evenly spaced levels only: codebooks are not portable';

/** MatMulBnb4 as it is, or unpacked at load where 8-bit products are fast; values for other uses. */
export function encodingForNf4(
  options: Options,
  { row }: { readonly row: EncodingRow },
  target: TargetId,
): Decision {
  if (target === 'portable') return { refused: NOT_PORTABLE };
  const { blockSize, scaleType } = options;
  const inInteger = target !== 'webgpu' && options['compute'] !== 'exact';
  const isProduct = row === 'MatMul' || row === 'Gemm';
  const encoding = !isProduct ? 'codebook' : inInteger ? 'codebook-to-uint8' : 'matmul-bnb4';
  return {
    choice: {
      ...{ kind: 'codebook', encoding, entries: 'nf4', bits: 4, channels: 'all' },
      byInputs: false,
      ...({ blockSize, scaleType } as Pick<CodebookChoice, 'blockSize' | 'scaleType'>),
      minOpset: encoding === 'matmul-bnb4' ? 7 : 11,
      adapted: null,
    },
  };
}

/** Values that fold at load; for products in 8 bits the uint8 matrix folds from them. */
export function encodingForPalettize(
  options: Options,
  { row }: { readonly row: EncodingRow },
  target: TargetId,
): Decision {
  if (target === 'portable') return { refused: NOT_PORTABLE };
  const { bits, channels, scaleType } = options;
  const inInteger = target !== 'webgpu' && options['compute'] !== 'exact';
  const isProduct = row === 'MatMul' || row === 'Gemm';
  return {
    choice: {
      ...{ kind: 'codebook', entries: 'k-means', blockSize: null },
      encoding: isProduct && inInteger ? 'codebook-to-uint8' : 'codebook',
      ...({ bits, channels, scaleType } as Pick<CodebookChoice, 'bits' | 'channels' | 'scaleType'>),
      byInputs: options['byInputs'] === true,
      minOpset: 11,
      adapted: null,
    },
  };
}
