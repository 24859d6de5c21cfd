import type { Graph, Tensor } from '../../model/model.ts';
import { delimited, type Fields } from './fields.ts';
import { NO_SCOPE, orderGraph } from './order-graph.ts';
import { readNodes } from './read-graph.ts';
import { nameOf, namesOf } from './read-node.ts';
import type { Reading } from './reading.ts';

/** FunctionProto as a checked graph: its inputs and outputs have names only. */
export function readFunction(fields: Fields, path: string, reading: Reading): Graph {
  const tensors = new Map<string, Tensor>();
  const values = (number: number, what: string) =>
    namesOf(fields, number, `${path}.${what}`, reading).map((name) => ({
      name,
      dtype: null,
      dims: null,
    }));
  const messages = delimited(fields, 7).map(({ fields: inner }) => inner!);
  const graph: Graph = {
    name: nameOf(fields, 1, `${path}.name`, reading),
    nodes: readNodes(messages, path, reading, tensors),
    tensors,
    inputs: values(4, 'input'),
    outputs: values(5, 'output'),
    overridable: new Set(),
  };
  return orderGraph(graph, NO_SCOPE, path, reading).graph;
}
