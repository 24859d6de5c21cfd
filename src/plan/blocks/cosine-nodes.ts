import type { FreshNames } from '../../encoders/encode-context.ts';
import type { NodeSpec } from '../../model/edit.ts';
import type { Block } from '../../shapes/blocks/blocks.ts';

export interface CosineNodes {
  readonly nodes: readonly NodeSpec[];
  /** The value that they give: a cosine for each token or pixel, float32. */
  readonly value: string;
}

const FLOAT32 = 1; // in ONNX's numbering of types
/** From here on ReduceSum takes its axes as an input. */
const AXES_ARE_INPUTS = 13;

/**
 * Nodes that give the cosine between a block's input and output vectors, so that one number a token
 * leaves the runtime instead of two vectors. A vector of zeros has cosine 0 with any.
 * - `opset` — of the default domain
 */
export function cosineNodes(
  { input, output, axis }: Block,
  opset: number,
  { unique }: FreshNames,
): CosineNodes {
  const spec = (
    op: string,
    inputs: readonly string[],
    attributes: NodeSpec['attributes'] = {},
  ): NodeSpec => {
    const name = unique(`whittle_${op}`);
    return { op, domain: '', name, inputs, outputs: [name], attributes };
  };
  const nodes: NodeSpec[] = [];
  const give = (node: NodeSpec): string => {
    nodes.push(node);
    return node.outputs[0] ?? '';
  };
  const unit = (value: string) => {
    const wide = give(spec('Cast', [value], { to: { int: FLOAT32 } }));
    return give(spec('LpNormalization', [wide], { axis: { int: axis }, p: { int: 2 } }));
  };
  const product = give(spec('Mul', [unit(input), unit(output)]));
  const keepdims = { int: 0 };
  if (opset < AXES_ARE_INPUTS) {
    const value = give(spec('ReduceSum', [product], { axes: { ints: [axis] }, keepdims }));
    return { nodes, value };
  }
  const axes = give(spec('Constant', [], { value_ints: { ints: [axis] } }));
  return { nodes, value: give(spec('ReduceSum', [product, axes], { keepdims })) };
}
