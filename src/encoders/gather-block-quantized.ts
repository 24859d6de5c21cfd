import type { Encoder } from './encoder.ts';
import { floatScales, inputOf, outputOf, stored } from './nodes.ts';

/**
 * Gather of rows → com.microsoft GatherBlockQuantized on uint8 rows [V, E · bits / 8], scales
 * [V, ceil(E / block)].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const gatherBlockQuantized: Encoder = (job, context) => {
  const { choice } = job;
  const { scales, nodes: prelude } = floatScales(job, context);
  const zeroPoints = job.tensors.zeroPoints?.name;
  return {
    prelude,
    replace: (node) => [
      {
        op: 'GatherBlockQuantized',
        domain: 'com.microsoft',
        name: context.unique(`${node.name || outputOf(node)}_Q${choice.bits}`),
        inputs: [
          stored(job, 'codes'),
          inputOf(node, 1),
          scales,
          ...(zeroPoints === undefined ? [] : [zeroPoints]),
        ],
        outputs: [outputOf(node)],
        attributes: {
          bits: { int: choice.bits },
          block_size: { int: choice.blockSize as number },
          gather_axis: { int: 0 },
          quantize_axis: { int: 1 },
        },
      },
    ],
  };
};
