import { type Edit, EMPTY_GRAPH_EDIT } from '../../model/edit.ts';
import { MAIN_GRAPH } from '../../model/graphs.ts';
import type { Structure } from './structure.ts';

/**
 * The edit of the other steps, made on the reshaped graph, with what reshaping asks for besides: a
 * node that they replace has its new lengths already, and a constant that they store is not kept.
 */
export function withStructure(edit: Edit, { tensors, edit: structure }: Structure): Edit {
  const own = edit.graphs.get(MAIN_GRAPH) ?? EMPTY_GRAPH_EDIT;
  const removedTensors = new Set(own.removedTensors);
  const replacedNodes = new Map(own.replacedNodes);
  const addedTensors = [...own.addedTensors];
  for (const [name, { tensor, spec }] of tensors) {
    const node = structure.constantNodes.get(name);
    const isStored = node === undefined ? removedTensors.has(name) : replacedNodes.has(node);
    if (isStored) continue;
    if (node === undefined) removedTensors.add(tensor.name);
    else replacedNodes.set(node, []);
    addedTensors.push(spec);
  }
  for (const [index, node] of structure.nodes) {
    if (!replacedNodes.has(index)) replacedNodes.set(index, [node]);
  }
  const reshapedValues = structure.reshapedValues;
  addedTensors.push(...structure.added);
  const graph = { ...own, removedTensors, replacedNodes, addedTensors, reshapedValues };
  return { ...edit, graphs: new Map([...edit.graphs, [MAIN_GRAPH, graph]]) };
}
