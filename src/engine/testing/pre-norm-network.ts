import { seededRandom } from '../../core/random.ts';
import { writeValueInfo } from '../../formats/onnx/encode.ts';
import { encode } from '../../formats/onnx/proto-writer.ts';
import { buildModel, buildNode, floatTensor } from '../../formats/onnx/testing/build-model.ts';

/** Width of the network. */
export const K = 32;

/**
 * A norm before two products, a gated network, and an output that a residual reads too: from `x`
 * [5, K] to `y`.
 */
export function preNormNetwork() {
  const random = seededRandom(11);
  const normal = (name: string, dims: number[], size = 0.3) =>
    floatTensor(
      name,
      dims,
      Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => size * random.normal()),
    );
  return buildModel({
    nodes: [
      buildNode('LayerNormalization', ['x', 'gamma', 'beta'], ['h']),
      buildNode('MatMul', ['h', 'gate.W'], ['gate']),
      buildNode('Sigmoid', ['gate'], ['open']),
      buildNode('MatMul', ['h', 'up.W'], ['raised']),
      buildNode('Add', ['raised', 'up.b'], ['up']),
      buildNode('Mul', ['open', 'up'], ['inner']),
      buildNode('Gemm', ['inner', 'down.W', 'down.b'], ['down'], {
        attributes: { transB: { int: 1 } },
      }),
      buildNode('Add', ['x', 'down'], ['sum']),
      buildNode('LayerNormalization', ['sum', 'gamma2', 'beta2'], ['last']),
      buildNode('MatMul', ['last', 'head.W'], ['head']),
      buildNode('Add', ['head', 'last'], ['y']),
    ],
    initializers: [
      ...[normal('gamma', [K], 1), normal('beta', [K]), normal('gamma2', [K], 1)],
      ...[normal('beta2', [K]), normal('gate.W', [K, 48]), normal('up.W', [K, 48])],
      ...[normal('up.b', [48]), normal('down.W', [K, 48]), normal('down.b', [K])],
      normal('head.W', [K, K]),
    ],
    ...{ inputs: [], outputs: [] },
    extra: [
      encode((writer) => writer.message(11, () => writeValueInfo(writer, 'x', 'float32', [5, K]))),
      encode((writer) => writer.message(12, () => writeValueInfo(writer, 'y', 'float32', [5, K]))),
    ],
  });
}
