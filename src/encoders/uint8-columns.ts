import { assert } from '../core/assert.ts';
import type { NodeSpec } from '../model/edit.ts';
import { byteScalar, floatScalar } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import type { EncodeJob, QuantizedJob } from './encoder.ts';
import { integerProduct } from './integer-product.ts';
import { FLOAT, onnx, stored, UINT8 } from './nodes.ts';
import type { Site } from './site.ts';

const CENTRE = 128;

export interface Uint8Columns {
  readonly nodes: readonly NodeSpec[];
  readonly multiply: (site: Site, context: EncodeContext) => readonly NodeSpec[];
}

/**
 * A constant float matrix [K, N] → uint8 with the column scales of the job, for the dynamic product:
 * Div column scale → Round → Add 128 → Clip 0..255 → Cast. All of it folds at load.
 */
export function uint8Columns(job: EncodeJob, matrix: string, context: EncodeContext): Uint8Columns {
  const value = (part: string) => context.unique(`${job.name}_${part}`);
  const scales = stored(job, 'columnScales');
  const steps = onnx('Div', [matrix, scales], value('column_steps'));
  const rounded = onnx('Round', steps.outputs, value('rounded'));
  const centre = floatScalar(context, CENTRE);
  const shifted = onnx('Add', [...rounded.outputs, centre], value('shifted'));
  const limits = [floatScalar(context, 0), floatScalar(context, 255)];
  const clipped = onnx('Clip', [...shifted.outputs, ...limits], value('clipped'));
  const codes = value('uint8');
  const narrowed = onnx('Cast', clipped.outputs, codes, { to: { int: UINT8 } });
  return {
    nodes: [steps, rounded, shifted, clipped, narrowed],
    multiply: (site, own) => {
      assert(site.kind === 'product', `${job.name} is multiplied`);
      const zeroPoints = byteScalar(own, CENTRE);
      return integerProduct(site, { codes, scales, zeroPoints }, own);
    },
  };
}

/** The zero point to subtract from widened codes, as float32, and the node that widens it. */
export function floatZero(
  job: QuantizedJob,
  context: EncodeContext,
): { readonly value: string; readonly nodes: readonly NodeSpec[] } {
  const stored = job.tensors.zeroPoints;
  if (!stored) return { value: floatScalar(context, 2 ** (job.choice.bits - 1)), nodes: [] };
  const value = context.unique(`${job.name}_float_zero_points`);
  return { value, nodes: [onnx('Cast', [stored.name], value, { to: { int: FLOAT } })] };
}
