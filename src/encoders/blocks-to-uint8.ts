/**
 * Packed 2- or 4-bit blocks that become, when the runtime loads the model, the uint8 matrix of the
 * dynamic 8-bit product: small in the file, fast on WASM. Everything up to the uint8 matrix depends
 * on constants alone, so the runtime's constant folding computes it once.
 *
 *   packed uint8 [Kp·bits/8, 1, N] → fields by two BitShifts each → Concat → [blocks, block, N]
 *   → Cast → Sub zero point → Mul scale → [Kp, N] → (Slice to K) → Div column scale → Round
 *   → Add 128 → Clip 0..255 → Cast uint8 [K, N]
 *
 * Two shifts instead of a mask, because BitwiseAnd needs opset 18.
 */
import { columnBlocks } from '../catalog/encoding-layout.ts';
import { assert } from '../core/assert.ts';
import type { NodeSpec } from '../model/edit.ts';
import { byteScalar, floatScalar, int64s } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import type { QuantizedEncoder, QuantizedJob } from './encoder.ts';
import { integerProduct } from './integer-product.ts';
import { FLOAT, floatScales, onnx, stored, UINT8 } from './nodes.ts';
import { unpackedFields } from './unpacked-fields.ts';

const CENTRE = 128;

export const blocksToUint8: QuantizedEncoder = (job, context) => {
  const { scales, nodes: scaleNodes } = floatScales(job, context);
  const levels = unpackedLevels(job, context);
  const columns = stored(job, 'columnScales');
  const value = (part: string) => context.unique(`${job.name}_${part}`);

  const scaled = onnx('Mul', [last(levels), scales], value('blocks'));
  const matrix = reshaped(job, context, scaled);
  const steps = onnx('Div', [last(matrix), columns], value('column_steps'));
  const rounded = onnx('Round', steps.outputs, value('rounded'));
  const centre = floatScalar(context, CENTRE);
  const shifted = onnx('Add', [...rounded.outputs, centre], value('shifted'));
  const limits = [floatScalar(context, 0), floatScalar(context, 255)];
  const clipped = onnx('Clip', [...shifted.outputs, ...limits], value('clipped'));
  const codes = onnx('Cast', clipped.outputs, value('uint8'), { to: { int: UINT8 } });

  return {
    kind: 'operator',
    prelude: [...scaleNodes, ...levels, scaled, ...matrix, steps, rounded, shifted, clipped, codes],
    replace: (site, own) => {
      assert(site.kind === 'product', `${job.name} is multiplied`);
      const zeroPoints = byteScalar(own, CENTRE);
      return integerProduct(site, { codes: last([codes]), scales: columns, zeroPoints }, own);
    },
  };
};

/** Codes minus zero points, float32 [blocks, block, N]. */
function unpackedLevels(job: QuantizedJob, context: EncodeContext): readonly NodeSpec[] {
  const { bits } = job.choice;
  const value = (part: string) => context.unique(`${job.name}_${part}`);
  const { fields, nodes } = unpackedFields(stored(job, 'codes'), bits, context);
  const rows = onnx('Concat', fields, value('fields'), { axis: { int: 1 } });
  const { blocks, blockSize } = columnBlocks(job.choice, job.shape.K);
  const shape = int64s(context, [blocks, blockSize, job.shape.N]);
  const codes = onnx('Reshape', [last([rows]), shape], value('codes'));
  const floats = onnx('Cast', codes.outputs, value('float_codes'), { to: { int: FLOAT } });
  let zeroNodes: readonly NodeSpec[] = [];
  let zero: string;
  if (job.tensors.zeroPoints) {
    const floatZero = onnx('Cast', [job.tensors.zeroPoints.name], value('float_zero_points'), {
      to: { int: FLOAT },
    });
    zeroNodes = [floatZero];
    zero = last(zeroNodes);
  } else {
    zero = floatScalar(context, 2 ** (bits - 1));
  }
  const levels = onnx('Sub', [...floats.outputs, zero], value('levels'));
  return [...nodes, rows, codes, floats, ...zeroNodes, levels];
}

/** [blocks, block, N] → [K, N]; the padding of a ragged last block is cut off. */
function reshaped(
  job: QuantizedJob,
  context: EncodeContext,
  source: NodeSpec,
): readonly NodeSpec[] {
  const { blocks, blockSize } = columnBlocks(job.choice, job.shape.K);
  const padded = blocks * blockSize;
  const flat = onnx(
    'Reshape',
    [...source.outputs, int64s(context, [padded, job.shape.N])],
    context.unique(`${job.name}_matrix`),
  );
  if (padded === job.shape.K) return [flat];
  const bounds = [int64s(context, [0]), int64s(context, [job.shape.K]), int64s(context, [0])];
  const cut = onnx('Slice', [...flat.outputs, ...bounds], context.unique(`${job.name}_cut`));
  return [flat, cut];
}

const last = (nodes: readonly NodeSpec[]): string => nodes.at(-1)?.outputs[0] ?? '';
