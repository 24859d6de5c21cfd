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
import type { NodeSpec } from '../model/edit.ts';
import { int64s } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import type { QuantizedEncoder, QuantizedJob } from './encoder.ts';
import { FLOAT, floatScales, onnx, stored } from './nodes.ts';
import { floatZero, uint8Columns } from './uint8-columns.ts';
import { unpackedFields } from './unpacked-fields.ts';

export const blocksToUint8: QuantizedEncoder = (job, context) => {
  const { scales, nodes: scaleNodes } = floatScales(job, context);
  const levels = unpackedLevels(job, context);
  const blocks = context.unique(`${job.name}_blocks`);
  const scaled = onnx('Mul', [last(levels), scales], blocks);
  const matrix = reshaped(job, context, scaled);
  const columns = uint8Columns(job, last(matrix), context);
  return {
    kind: 'operator',
    prelude: [...scaleNodes, ...levels, scaled, ...matrix, ...columns.nodes],
    replace: columns.multiply,
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
  const zero = floatZero(job, context);
  const levels = onnx('Sub', [...floats.outputs, zero.value], value('levels'));
  return [...nodes, rows, codes, floats, ...zero.nodes, levels];
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
