import type { NodeSpec } from '../model/edit.ts';
import type { QuantizedEncoder } from './encoder.ts';
import { FLOAT, onnx, stored } from './nodes.ts';

/**
 * Gather of float rows → Gather of 8-bit rows, Cast, (Sub of the row's zero point), Mul by the
 * row's scale. Only the gathered rows are widened, which is why it is the fastest embedding on
 * WASM.
 */
export const int8Rows: QuantizedEncoder = (job) => ({
  kind: 'operator',
  prelude: [],
  replace: ({ input: indices, output }, context) => {
    const gather = (table: string, part: string): NodeSpec =>
      onnx('Gather', [table, indices], context.unique(`${output}_${part}`), { axis: { int: 0 } });
    const cast = (gathered: NodeSpec, part: string): NodeSpec =>
      onnx('Cast', gathered.outputs, context.unique(`${output}_${part}`), { to: { int: FLOAT } });

    const codes = gather(stored(job, 'codes'), 'codes');
    const widened = cast(codes, 'levels');
    const scale = gather(stored(job, 'scales'), 'scale');
    const nodes = [codes, widened, scale];
    let levels = widened;
    if (job.tensors.zeroPoints) {
      const zero = gather(job.tensors.zeroPoints.name, 'zero_point');
      const widenedZero = cast(zero, 'zero_level');
      levels = onnx(
        'Sub',
        [...widened.outputs, ...widenedZero.outputs],
        context.unique(`${output}_centred`),
      );
      nodes.push(zero, widenedZero, levels);
    }
    return [...nodes, onnx('Mul', [...levels.outputs, ...scale.outputs], output)];
  },
});
