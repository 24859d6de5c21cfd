import { assert } from '../core/assert.ts';
import { byteScalar } from './constants.ts';
import type { QuantizedEncoder } from './encoder.ts';
import { FLOAT, onnx, stored } from './nodes.ts';
import { spreadBias } from './plain-nodes.ts';

/**
 * Conv → DynamicQuantizeLinear → ConvInteger → Cast → Mul(x scale, channel scales) (→ Add bias),
 * with uint8 kernels around 128: int8 ones take a path 5 to 6 times slower than floats.
 */
export const convUint8: QuantizedEncoder = (job) => ({
  kind: 'operator',
  prelude: [],
  replace: (site, context) => {
    assert(site.kind === 'conv', `${job.name} is convolved with`);
    const { name, input, output, bias, attributes } = site;
    const { activation, nodes } = context.quantizedActivation(input);
    const value = (part: string) => context.unique(`${output}_${part}`);
    const sums = value('sums');
    const floatSums = value('float_sums');
    const scales = value('scales');
    const scaled = bias === '' ? output : value('product');
    const product = [
      ...nodes,
      {
        ...onnx(
          'ConvInteger',
          [activation.values, stored(job, 'codes'), activation.zeroPoint, byteScalar(context, 128)],
          sums,
          attributes,
        ),
        name: context.unique(`${name || output}_quant`),
      },
      onnx('Cast', [sums], floatSums, { to: { int: FLOAT } }),
      onnx('Mul', [activation.scale, stored(job, 'scales')], scales),
      onnx('Mul', [floatSums, scales], scaled),
    ];
    if (bias === '') return product;
    const spread = spreadBias(bias, job.shape.dims.length, context);
    return [...product, spread.node, onnx('Add', [scaled, spread.value], output)];
  },
});
