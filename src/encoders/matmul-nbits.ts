import { assert } from '../core/assert.ts';
import type { NodeSpec } from '../model/edit.ts';
import type { EncodeContext } from './encode-context.ts';
import type { QuantizedEncoder, QuantizedJob } from './encoder.ts';
import { floatScales, stored } from './nodes.ts';
import type { Site } from './site.ts';

/**
 * A product → com.microsoft MatMulNBits: `y = x · dequantize(B)ᵀ (+ bias)`, B uint8
 * [N, ceil(K / block), block · bits / 8].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const matmulNBits: QuantizedEncoder = (job, context) => {
  const { scales, nodes: prelude } = floatScales(job, context);
  const codes = stored(job, 'codes');
  return {
    kind: 'operator',
    prelude,
    replace: (site, own) => [nbitsProduct(site, job, { codes, scales }, own)],
  };
};

/** @param tables names of the packed blocks and of their float32 scales [N, blocks] */
export function nbitsProduct(
  site: Site,
  { name: stem, choice, shape, tensors }: QuantizedJob,
  { codes, scales }: { readonly codes: string; readonly scales: string },
  context: EncodeContext,
): NodeSpec {
  assert(site.kind === 'product', `${stem} is multiplied`);
  const { name, input, output, bias } = site;
  return {
    op: 'MatMulNBits',
    domain: 'com.microsoft',
    name: context.unique(`${name || output}_Q${choice.bits}`),
    inputs: withoutTrailing([input, codes, scales, tensors.zeroPoints?.name ?? '', '', bias]),
    outputs: [output],
    attributes: {
      K: { int: shape.K },
      N: { int: shape.N },
      bits: { int: choice.bits },
      block_size: { int: choice.blockSize as number },
      ...(choice.accuracyLevel > 0 && { accuracy_level: { int: choice.accuracyLevel } }),
    },
  };
}

function withoutTrailing(inputs: readonly string[]): readonly string[] {
  const last = inputs.findLastIndex((input) => input !== '');
  return inputs.slice(0, last + 1);
}
