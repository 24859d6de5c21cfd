import type { NodeSpec } from '../model/edit.ts';
import type { Node } from '../model/model.ts';
import type { EncodeContext } from './encoder.ts';
import { FLOAT, inputOf, onnx, outputOf, withBias } from './nodes.ts';

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
  node: Node,
  matrix: IntegerMatrix,
  context: EncodeContext,
): readonly NodeSpec[] {
  const output = outputOf(node);
  const { activation, nodes } = context.quantizedActivation(inputOf(node, 0));
  const sums = context.unique(`${output}_sums`);
  const floatSums = context.unique(`${output}_float_sums`);
  const scales = context.unique(`${output}_scales`);
  return [
    ...nodes,
    onnx(
      'MatMulInteger',
      [activation.values, matrix.codes, activation.zeroPoint, matrix.zeroPoints],
      sums,
    ),
    onnx('Cast', [sums], floatSums, { to: { int: FLOAT } }),
    onnx('Mul', [activation.scale, matrix.scales], scales),
    ...withBias(node, context, (product) => onnx('Mul', [floatSums, scales], product)),
  ];
}
