import { assert } from '../core/assert.ts';
import { type Edit, EMPTY_GRAPH_EDIT, type GraphEdit } from './edit.ts';
import type { GraphId } from './graphs.ts';

/** Both edits as one. They may not replace the same node; of two opset versions the higher counts. */
export function mergeEdits(a: Edit, b: Edit): Edit {
  const graphs = new Map<GraphId, GraphEdit>(a.graphs);
  for (const [id, edit] of b.graphs) {
    graphs.set(id, mergeGraphEdits(graphs.get(id) ?? EMPTY_GRAPH_EDIT, edit, id));
  }
  const opsets = new Map(a.opsets);
  for (const [domain, version] of b.opsets) {
    opsets.set(domain, Math.max(version, opsets.get(domain) ?? 0));
  }
  return { graphs, opsets };
}

function mergeGraphEdits(a: GraphEdit, b: GraphEdit, id: GraphId): GraphEdit {
  const twice = [...b.replacedNodes.keys()].find((index) => a.replacedNodes.has(index));
  assert(twice === undefined, `node ${twice} of graph ${id} is replaced once`);
  const reshaped = new Set([...(a.reshapedValues ?? []), ...(b.reshapedValues ?? [])]);
  const outputs = new Map([...(a.reshapedOutputs ?? []), ...(b.reshapedOutputs ?? [])]);
  return {
    removedTensors: new Set([...a.removedTensors, ...b.removedTensors]),
    replacedNodes: new Map([...a.replacedNodes, ...b.replacedNodes]),
    addedTensors: [...a.addedTensors, ...b.addedTensors],
    prelude: [...a.prelude, ...b.prelude],
    ...(reshaped.size > 0 && { reshapedValues: reshaped }),
    ...(outputs.size > 0 && { reshapedOutputs: outputs }),
  };
}
