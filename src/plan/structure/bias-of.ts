import type { Graph } from '../../model/model.ts';
import type { Use } from '../../shapes/analysis.ts';

/**
 * The constant vector that is added to the product of a weight and to nothing else, so that it can
 * take up what the product lacks; null if there is none.
 */
export function biasOf(graph: Graph, { node: index, tensor: weight, axis }: Use): string | null {
  const node = graph.nodes[index];
  const tensor = graph.tensors.get(weight);
  if (!node || !tensor) return null;
  const outputs = tensor.dims[axis === 0 ? 1 : 0];
  const isVector = (name: string) => {
    const dims = graph.tensors.get(name)?.dims;
    return dims?.length === 1 && dims[0] === outputs && readers(graph, name).length === 1;
  };
  const own = node.inputs[2] ?? '';
  if (node.op === 'Gemm' || node.op === 'Conv') return isVector(own) ? own : null;
  const [product = ''] = node.outputs;
  const [adder, ...others] = readers(graph, product);
  if (node.op !== 'MatMul' || adder?.op !== 'Add' || others.length > 0) return null;
  const summand = adder.inputs.find((name) => name !== product) ?? '';
  return isVector(summand) ? summand : null;
}

const readers = (graph: Graph, name: string) =>
  graph.nodes.filter(({ inputs }) => inputs.includes(name));
