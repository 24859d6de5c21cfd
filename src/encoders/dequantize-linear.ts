import { elementCount } from '../core/shape.ts';
import type { NodeSpec } from '../model/edit.ts';
import { int64s } from './constants.ts';
import type { QuantizedEncoder } from './encoder.ts';
import { floatScales, onnx, stored, TYPE_CODES } from './nodes.ts';

/**
 * The weight's value from DequantizeLinear: `(q − zero point) · scale`, by channel, or in blocks on
 * the matrix as it lies and then in the weight's own shape. Any use of the value works as before.
 * @see https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
export const dequantizeLinear: QuantizedEncoder = (job, context) => {
  const { choice, shape, value } = job;
  const { scales, nodes } = floatScales(job, context);
  const inputs = [stored(job, 'codes'), scales, stored(job, 'zeroPoints')];
  const inBlocks = choice.blockSize !== 'channel';
  const axis = inBlocks ? (shape.transposed ? 1 : 0) : shape.channelAxis;
  const steps: ((from: readonly string[], to: string) => NodeSpec)[] = [
    (_, to) =>
      onnx('DequantizeLinear', inputs, to, {
        axis: { int: axis },
        ...(choice.blockSize !== 'channel' && { block_size: { int: choice.blockSize } }),
      }),
  ];
  if (inBlocks && !liesAsItIs(shape.dims, shape)) {
    const dims = int64s(context, shape.dims);
    steps.push((from, to) => onnx('Reshape', [...from, dims], to));
  }
  if (value.dtype !== 'float32') {
    const to = { to: { int: TYPE_CODES[value.dtype] } };
    steps.push((from, name) => onnx('Cast', from, name, to));
  }
  const prelude = [...nodes];
  for (const [at, step] of steps.entries()) {
    const isLast = at === steps.length - 1;
    const to = isLast ? value.name : context.unique(`${job.name}_dequantized`);
    prelude.push(step(prelude.at(-1)?.outputs ?? [], to));
  }
  return { kind: 'value', prelude };
};

const liesAsItIs = (
  dims: readonly number[],
  { K, N, transposed }: { readonly K: number; readonly N: number; readonly transposed: boolean },
): boolean => dims.length === 2 && dims[0] === (transposed ? N : K) && elementCount(dims) === K * N;
