import type { NodeSpec } from '../model/edit.ts';
import { int64s } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import { onnx } from './nodes.ts';
import type { ProductSite, Site } from './site.ts';

/** The site as the ordinary operator on a float value that lies as the operator takes it. */
export function plainNodes(site: Site, value: string, context: EncodeContext): NodeSpec[] {
  const { input, output } = site;
  const name = site.name || context.unique(`${output}/${site.kind}`);
  const node = (
    op: string,
    inputs: readonly string[],
    result = output,
    attributes: NodeSpec['attributes'] = {},
  ): NodeSpec => ({ op, domain: '', name, inputs, outputs: [result], attributes });
  switch (site.kind) {
    case 'lookup':
      return [node('Gather', [value, input])];
    case 'conv': {
      const inputs = site.bias === '' ? [input, value] : [input, value, site.bias];
      return [node('Conv', inputs, output, site.attributes)];
    }
    case 'product': {
      const { result, nodes } = withBias(site, context);
      return [node('MatMul', [input, value], result), ...nodes];
    }
  }
}

/** The value that a product is to give, and the node that adds the bias. */
export function withBias(
  { bias, output }: ProductSite,
  context: EncodeContext,
): { readonly result: string; readonly nodes: readonly NodeSpec[] } {
  if (bias === '') return { result: output, nodes: [] };
  const result = context.unique(`${output}_product`);
  return { result, nodes: [onnx('Add', [result, bias], output)] };
}

/** A bias [channels] that spreads over `rank` axes of a convolution's result. */
export function spreadBias(
  bias: string,
  rank: number,
  context: EncodeContext,
): { readonly value: string; readonly node: NodeSpec } {
  const value = context.unique(`${bias}_spread`);
  const shape = int64s(context, [1, -1, ...Array<number>(rank - 2).fill(1)]);
  return { value, node: onnx('Reshape', [bias, shape], value) };
}
