import type { NodeSpec } from '../model/edit.ts';
import type { EncodeContext } from './encode-context.ts';
import type { QuantizedEncoder, QuantizedJob } from './encoder.ts';
import { floatScales, stored } from './nodes.ts';
import type { Site } from './site.ts';

/**
 * Gather of rows → com.microsoft GatherBlockQuantized on uint8 rows [V, E · bits / 8], scales
 * [V, ceil(E / block)].
 * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const gatherBlockQuantized: QuantizedEncoder = (job, context) => {
  const { scales, nodes: prelude } = floatScales(job, context);
  return {
    kind: 'operator',
    prelude,
    replace: (site, own) => [blockLookup(site, job, scales, own)],
  };
};

/** @param scales name of the float32 scales */
export function blockLookup(
  { name, input, output }: Site,
  job: QuantizedJob,
  scales: string,
  context: EncodeContext,
): NodeSpec {
  const { choice, tensors } = job;
  const zeroPoints = tensors.zeroPoints?.name;
  return {
    op: 'GatherBlockQuantized',
    domain: 'com.microsoft',
    name: context.unique(`${name || output}_Q${choice.bits}`),
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
  };
}
