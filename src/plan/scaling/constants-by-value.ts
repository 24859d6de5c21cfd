import type { GraphId } from '../../model/graphs.ts';
import type { Graph } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import type { ConstantOf } from './fold-scales.ts';

/** The constants that a graph defines, also by the views of them that its nodes read. */
export function constantsByValue(
  weights: readonly Weight[],
  id: GraphId,
  { nodes }: Graph,
): ConstantOf {
  const byName = new Map<string, Weight>();
  for (const weight of weights) {
    if (weight.graph !== id) continue;
    byName.set(weight.tensor.name, weight);
    for (const { graph, nodeIndex, inputIndex } of weight.uses) {
      const name = graph === id ? nodes[nodeIndex]?.inputs[inputIndex] : undefined;
      if (name) byName.set(name, weight);
    }
  }
  return (name) => byName.get(name);
}
