import { assert } from '../core/assert.ts';
import type { QuantizedEncoder } from './encoder.ts';
import { floatScales, stored } from './nodes.ts';

/**
 * A product → com.microsoft MatMulNBits: `y = x · dequantize(B)ᵀ (+ bias)`, B uint8
 * [N, ceil(K / block), block · bits / 8].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const matmulNBits: QuantizedEncoder = (job, context) => {
  const { shape, choice } = job;
  const { scales, nodes: prelude } = floatScales(job, context);
  const zeroPoints = job.tensors.zeroPoints?.name ?? '';
  return {
    kind: 'operator',
    prelude,
    replace: (site, own) => {
      assert(site.kind === 'product', `${job.name} is multiplied`);
      const { name, input, output, bias } = site;
      return [
        {
          op: 'MatMulNBits',
          domain: 'com.microsoft',
          name: own.unique(`${name || output}_Q${choice.bits}`),
          inputs: withoutTrailing([input, stored(job, 'codes'), scales, zeroPoints, '', bias]),
          outputs: [output],
          attributes: {
            K: { int: shape.K },
            N: { int: shape.N },
            bits: { int: choice.bits },
            block_size: { int: choice.blockSize as number },
            ...(choice.accuracyLevel > 0 && { accuracy_level: { int: choice.accuracyLevel } }),
          },
        },
      ];
    },
  };
};

function withoutTrailing(inputs: readonly string[]): readonly string[] {
  const last = inputs.findLastIndex((input) => input !== '');
  return inputs.slice(0, last + 1);
}
