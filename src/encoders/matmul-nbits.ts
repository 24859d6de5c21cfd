import type { NodeSpec } from '../model/edit.ts';
import type { Node } from '../model/model.ts';
import type { Encoder } from './encoder.ts';
import { floatScales, inputOf, outputOf, stored, withBias } from './nodes.ts';

/**
 * MatMul or Gemm → com.microsoft MatMulNBits: `y = x · dequantize(B)ᵀ (+ bias)`, B uint8
 * [N, ceil(K / block), block · bits / 8].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const matmulNBits: Encoder = (job, context) => {
  const { K, N, choice } = job;
  const { scales, nodes: prelude } = floatScales(job, context);
  const zeroPoints = job.tensors.zeroPoints?.name ?? '';

  const product = (node: Node, bias: string, output: string): NodeSpec => ({
    op: 'MatMulNBits',
    domain: 'com.microsoft',
    name: context.unique(`${node.name || output}_Q${choice.bits}`),
    inputs: withoutTrailing([inputOf(node, 0), stored(job, 'codes'), scales, zeroPoints, '', bias]),
    outputs: [output],
    attributes: {
      K: { int: K },
      N: { int: N },
      bits: { int: choice.bits },
      block_size: { int: choice.blockSize as number },
    },
  });

  return {
    prelude,
    replace: (node) => {
      const bias = node.op === 'Gemm' ? inputOf(node, 2) : '';
      // The operator's own bias input takes a vector only; Gemm broadcasts other shapes too.
      const dims = context.graph.tensors.get(bias)?.dims;
      const isVector = dims?.length === 1 && dims[0] === N;
      if (isVector) return [product(node, bias, outputOf(node))];
      return withBias(node, context, (output) => product(node, '', output));
    },
  };
};

function withoutTrailing(inputs: readonly string[]): readonly string[] {
  const last = inputs.findLastIndex((input) => input !== '');
  return inputs.slice(0, last + 1);
}
