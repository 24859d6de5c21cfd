import type { QuantizedEncoder } from './encoder.ts';
import { floatScales, stored } from './nodes.ts';

/**
 * Gather of rows → com.microsoft GatherBlockQuantized on uint8 rows [V, E · bits / 8], scales
 * [V, ceil(E / block)].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const gatherBlockQuantized: QuantizedEncoder = (job, context) => {
  const { choice } = job;
  const { scales, nodes: prelude } = floatScales(job, context);
  const zeroPoints = job.tensors.zeroPoints?.name;
  return {
    kind: 'operator',
    prelude,
    replace: ({ name, input, output }, own) => [
      {
        op: 'GatherBlockQuantized',
        domain: 'com.microsoft',
        name: own.unique(`${name || output}_Q${choice.bits}`),
        inputs: [
          stored(job, 'codes'),
          input,
          scales,
          ...(zeroPoints === undefined ? [] : [zeroPoints]),
        ],
        outputs: [output],
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
