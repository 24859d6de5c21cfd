import type { NodeSpec } from '../model/edit.ts';
import type { EncodeContext } from './encode-context.ts';
import { FLOAT, onnx } from './nodes.ts';
import { withBias } from './plain-nodes.ts';
import type { ProductSite } from './site.ts';

/** A uint8 matrix [K, N] with one scale (and zero point) a column, by value names. */
export interface IntegerMatrix {
  readonly codes: string;
  readonly scales: string;
  readonly zeroPoints: string;
}

/**
 * `x · W` as DynamicQuantizeLinear → MatMulInteger → Cast → Mul(Mul(x scale, column scales)): the
 * pattern that ONNX Runtime fuses into one DynamicQuantizeMatMul on the CPU. Weights are uint8,
 * because uint8 activations with int8 weights saturate on x64 processors without VNNI.
 */
export function integerProduct(
  site: ProductSite,
  matrix: IntegerMatrix,
  context: EncodeContext,
): readonly NodeSpec[] {
  const { input, output } = site;
  const { activation, nodes } = context.quantizedActivation(input);
  const sums = context.unique(`${output}_sums`);
  const floatSums = context.unique(`${output}_float_sums`);
  const scales = context.unique(`${output}_scales`);
  const { result, nodes: bias } = withBias(site, context);
  return [
    ...nodes,
    onnx(
      'MatMulInteger',
      [activation.values, matrix.codes, activation.zeroPoint, matrix.zeroPoints],
      sums,
    ),
    onnx('Cast', [sums], floatSums, { to: { int: FLOAT } }),
    onnx('Mul', [activation.scale, matrix.scales], scales),
    onnx('Mul', [floatSums, scales], result),
    ...bias,
  ];
}
