/** From operators to sites: what an operator does besides its product becomes nodes around it. */
import { assert } from '../core/assert.ts';
import { toAttributeValue } from '../model/attribute-value.ts';
import type { AttributeValue, NodeSpec } from '../model/edit.ts';
import type { Node } from '../model/model.ts';
import { floatScalar } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import { inputOf, onnx, outputOf } from './nodes.ts';
import type { Site } from './site.ts';

/** A use as a site, between nodes that do the rest of the operator. */
export interface Lowered {
  readonly before: readonly NodeSpec[];
  readonly site: Site;
  readonly after: readonly NodeSpec[];
}

/** @param N output channels */
export function lower(node: Node, N: number, context: EncodeContext): Lowered {
  const { name, op } = node;
  const [input, output] = [inputOf(node, 0), outputOf(node)];
  switch (op) {
    case 'Gather':
      return alone({ kind: 'lookup', name, input: inputOf(node, 1), output });
    case 'Conv': {
      const bias = inputOf(node, 2);
      return alone({ kind: 'conv', name, input, output, bias, attributes: attributesOf(node) });
    }
    case 'Gemm':
      return lowerGemm(node, N, context);
    default:
      assert(op === 'MatMul', `${op} is no product`);
      return alone({ kind: 'product', name, input, output, bias: '' });
  }
}

const alone = (site: Site): Lowered => ({ before: [], site, after: [] });

/** `alpha · A' · W + beta · C`. */
function lowerGemm(node: Node, N: number, context: EncodeContext): Lowered {
  const output = outputOf(node);
  const before: NodeSpec[] = [];
  const after: NodeSpec[] = [];
  let input = inputOf(node, 0);
  if (intOf(node, 'transA', 0) === 1) {
    const turned = context.unique(`${output}_input`);
    before.push(onnx('Transpose', [input], turned, { perm: { ints: [1, 0] } }));
    input = turned;
  }
  const seen = input === inputOf(node, 0) ? {} : { seen: inputOf(node, 0) };
  const [alpha, beta] = [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)];
  const bias = beta === 0 ? '' : inputOf(node, 2);
  const dims = context.graph.tensors.get(bias)?.dims;
  const isVector = alpha === 1 && beta === 1 && dims?.length === 1 && dims[0] === N;
  const site = {
    kind: 'product',
    name: node.name,
    input,
    ...seen,
    bias: isVector ? bias : '',
  } as const;

  const steps: ((product: string, result: string) => NodeSpec)[] = [];
  if (alpha !== 1) {
    const factor = floatScalar(context, alpha);
    steps.push((product, result) => onnx('Mul', [product, factor], result));
  }
  if (bias !== '' && !isVector) {
    let summand = bias;
    if (beta !== 1) {
      summand = context.unique(`${output}_bias`);
      before.push(onnx('Mul', [bias, floatScalar(context, beta)], summand));
    }
    steps.push((product, result) => onnx('Add', [product, summand], result));
  }
  let value = steps.length === 0 ? output : context.unique(`${output}_product`);
  const lowered = { before, site: { ...site, output: value }, after };
  steps.forEach((step, at) => {
    const result = at === steps.length - 1 ? output : context.unique(`${output}_scaled`);
    after.push(step(value, result));
    value = result;
  });
  return lowered;
}

/** Of the kinds that new nodes can have. */
export const attributesOf = ({ attributes }: Node): Readonly<Record<string, AttributeValue>> =>
  Object.fromEntries(
    [...attributes].flatMap(([name, attribute]) => {
      const value = toAttributeValue(attribute);
      return value ? [[name, value]] : [];
    }),
  );

export function intOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : fallback;
}

/** null where the attribute is absent. */
export function intsOf(node: Node, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'ints' ? attribute.values : null;
}

function floatOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'float' ? attribute.value : fallback;
}
