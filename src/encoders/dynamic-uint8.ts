import { byteScalar } from './constants.ts';
import type { Encoder } from './encoder.ts';
import { integerProduct } from './integer-product.ts';
import { stored } from './nodes.ts';

/** MatMul or Gemm → dynamic 8-bit product with uint8 columns (symmetric: zero point 128). */
export const dynamicUint8: Encoder = (job, context) => {
  const zeroPoints = job.tensors.zeroPoints?.name ?? byteScalar(context, 128);
  const matrix = { codes: stored(job, 'codes'), scales: stored(job, 'scales'), zeroPoints };
  return { prelude: [], replace: (node) => integerProduct(node, matrix, context) };
};
