import { assert } from '../core/assert.ts';
import { byteScalar } from './constants.ts';
import type { QuantizedEncoder } from './encoder.ts';
import { integerProduct } from './integer-product.ts';
import { stored } from './nodes.ts';

/** A product → dynamic 8-bit product with uint8 columns (symmetric: zero point 128). */
export const dynamicUint8: QuantizedEncoder = (job) => ({
  kind: 'operator',
  prelude: [],
  replace: (site, context) => {
    assert(site.kind === 'product', `${job.name} is multiplied`);
    const zeroPoints = job.tensors.zeroPoints?.name ?? byteScalar(context, 128);
    const matrix = { codes: stored(job, 'codes'), scales: stored(job, 'scales'), zeroPoints };
    return integerProduct(site, matrix, context);
  },
});
