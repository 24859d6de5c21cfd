import type { CodebookChoice } from '../catalog/encodings.ts';
import { assert } from '../core/assert.ts';
import type { NodeSpec } from '../model/edit.ts';
import type { Encoder } from './encoder.ts';
import { FLOAT, onnx, stored } from './nodes.ts';
import { withBias } from './plain-nodes.ts';

/** Of MatMulBnb4: NormalFloat. */
const NF4 = 1;

/**
 * A product → com.microsoft MatMulBnb4: codes of Wᵀ [N, K], flat, the first of two in the high half
 * of a byte, and the largest magnitude of each block. It has no bias.
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const matmulBnb4: Encoder<CodebookChoice> = (job, context) => {
  const { choice, shape } = job;
  let magnitudes = stored(job, 'scales');
  const prelude: NodeSpec[] = [];
  if (choice.scaleType === 'float16') {
    const wide = context.unique(`${job.name}_absmax`);
    prelude.push(onnx('Cast', [magnitudes], wide, { to: { int: FLOAT } }));
    magnitudes = wide;
  }
  return {
    kind: 'operator',
    prelude,
    replace: (site, own) => {
      assert(site.kind === 'product', `${job.name} is multiplied`);
      const { result, nodes } = withBias(site, own);
      const product: NodeSpec = {
        ...{ op: 'MatMulBnb4', domain: 'com.microsoft' },
        name: own.unique(`${site.name || site.output}_Bnb4`),
        inputs: [site.input, stored(job, 'codes'), magnitudes],
        outputs: [result],
        attributes: {
          ...{ K: { int: shape.K }, N: { int: shape.N }, quant_type: { int: NF4 } },
          block_size: { int: choice.blockSize ?? 0 },
        },
      };
      return [product, ...nodes];
    },
  };
};
