import { int64s } from './constants.ts';
import type { QuantizedEncoder } from './encoder.ts';
import { blockLookup } from './gather-block-quantized.ts';
import { nbitsProduct } from './matmul-nbits.ts';
import { floatScales, onnx, stored } from './nodes.ts';

/**
 * One table of packed rows for both uses: GatherBlockQuantized reads it as it is, MatMulNBits in
 * the shape of its blocks, which folds at load. K is whole blocks.
 */
export const tiedNBits: QuantizedEncoder = (job, context) => {
  const { choice, shape } = job;
  const { scales, nodes } = floatScales(job, context);
  const blockSize = choice.blockSize as number;
  const blocked = [shape.N, shape.K / blockSize, (blockSize * choice.bits) / 8];
  const codes = context.unique(`${job.name}_blocks`);
  const reshape = onnx('Reshape', [stored(job, 'codes'), int64s(context, blocked)], codes);
  return {
    kind: 'operator',
    prelude: [...nodes, reshape],
    replace: (site, own) => [
      site.kind === 'lookup'
        ? blockLookup(site, job, scales, own)
        : nbitsProduct(site, job, { codes, scales }, own),
    ],
  };
};
