import type { Encoder } from './encoder.ts';
import { integerProduct } from './integer-product.ts';
import { stored } from './nodes.ts';

/** MatMul or Gemm → dynamic 8-bit product with uint8 columns (symmetric: zero point 128). */
export const dynamicUint8: Encoder = (job, context) => {
  const zeroPoints =
    job.tensors.zeroPoints?.name ??
    context.constant('uint8_128', () => ({ dtype: 'uint8', dims: [], bytes: Uint8Array.of(128) }));
  const matrix = { codes: stored(job, 'codes'), scales: stored(job, 'scales'), zeroPoints };
  return { prelude: [], replace: (node) => integerProduct(node, matrix, context) };
};
