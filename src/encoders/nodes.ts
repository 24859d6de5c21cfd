/** Small builders that the encoders share. */

import type { TensorRole } from '../catalog/tensor-layout.ts';
import { assert } from '../core/assert.ts';
import type { AttributeValue, NodeSpec } from '../model/edit.ts';
import type { Node } from '../model/model.ts';
import type { EncodeContext } from './encode-context.ts';
import type { EncodeJob, QuantizedJob } from './encoder.ts';

/** In ONNX's numbering of types. */
export const FLOAT = 1;
export const UINT8 = 2;
export const TYPE_CODES = { float32: 1, float16: 10, float64: 11, bfloat16: 16 } as const;

/** A node of the default domain with one output, named after that output. */
export const onnx = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): NodeSpec => ({ op, domain: '', name: `${output}/${op}`, inputs, outputs: [output], attributes });

/** The stored tensor's name; every encoding's layout has it. */
export function stored(job: EncodeJob, role: TensorRole): string {
  const spec = job.tensors[role];
  assert(spec, `${job.choice.encoding} stores ${role}`);
  return spec.name;
}

/**
 * Scales as float32: 16-bit ones go through a Cast, which the runtime folds when it loads the
 * model (a session holds float32 scales either way).
 */
export function floatScales(
  job: QuantizedJob,
  context: EncodeContext,
): { readonly scales: string; readonly nodes: readonly NodeSpec[] } {
  const given = stored(job, 'scales');
  if (job.choice.scaleType === 'float32') return { scales: given, nodes: [] };
  const scales = context.unique(`${job.name}_scales`);
  return { scales, nodes: [onnx('Cast', [given], scales, { to: { int: FLOAT } })] };
}

/** Input value at `index`; '' if it is left out. */
export const inputOf = (node: Node, index: number): string => node.inputs[index] ?? '';

export function outputOf(node: Node): string {
  const [output] = node.outputs;
  assert(output, `${node.op} has an output`);
  return output;
}
