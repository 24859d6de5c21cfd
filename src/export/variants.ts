/**
 * What transformers.js calls a variant of a model: `dtype` in its options, a suffix in the
 * repository's `onnx` folder.
 * @see https://huggingface.co/docs/transformers.js/guides/dtypes
 */
import type { RunReport, WeightRow } from '../report/report.ts';

/** Suffixes of @huggingface/transformers 4.3; their order is the one that choices are shown in. */
const VARIANT_SUFFIXES = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
  q2: '_q2',
  q2f16: '_q2f16',
} as const;

export type VariantDtype = keyof typeof VARIANT_SUFFIXES;

export const VARIANT_DTYPES = Object.keys(VARIANT_SUFFIXES) as readonly VariantDtype[];

export const isVariantDtype = (text: string): text is VariantDtype =>
  Object.hasOwn(VARIANT_SUFFIXES, text);

/** "onnx/model_q4.onnx". */
export const variantPath = (dtype: VariantDtype): string =>
  `onnx/model${VARIANT_SUFFIXES[dtype]}.onnx`;

/** Weights of fewer bits name a variant once they are this share of what was compressed. */
const NAMING_SHARE = 0.1;

/**
 * The name that the run's encoding suggests: by the fewest bits that a good part of its weights
 * has. Inputs and outputs stay 32-bit floats, so nothing is named f16 that computes in 32 bits,
 * except where 16 bits are all there is.
 */
export function suggestedDtype({
  kind,
  weights,
}: Pick<RunReport, 'kind' | 'weights'>): VariantDtype {
  const compressed = weights.filter(
    ({ technique, reason, bytesAfter }) => technique !== null && reason === null && bytesAfter > 0,
  );
  const total = compressed.reduce((sum, { bytesBefore }) => sum + bytesBefore, 0);
  if (kind === 'baseline' || total === 0) return 'fp32';
  const bytes = new Map<VariantDtype, number>();
  for (const row of compressed) {
    const dtype = dtypeOf(row);
    bytes.set(dtype, (bytes.get(dtype) ?? 0) + row.bytesBefore);
  }
  const fewestFirst: readonly VariantDtype[] = ['q2', 'bnb4', 'q4', 'q8', 'fp16'];
  return fewestFirst.find((dtype) => (bytes.get(dtype) ?? 0) >= total * NAMING_SHARE) ?? 'fp32';
}

function dtypeOf({ encoding, bitsPerWeight }: WeightRow): VariantDtype {
  if (/\b(?:nf4|fp4|bnb4)\b/i.test(encoding)) return 'bnb4';
  // Scales and zero points are counted along: 4 bits in blocks of 16 come to more than 5.
  if (bitsPerWeight < 3.5) return 'q2';
  if (bitsPerWeight < 6.5) return 'q4';
  if (bitsPerWeight < 12) return 'q8';
  return bitsPerWeight < 20 ? 'fp16' : 'fp32';
}
