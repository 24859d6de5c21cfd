import type { Graph, LocalFunction, Tensor } from '../../model/model.ts';
import { delimited, type Fields } from './fields.ts';
import { NO_SCOPE, type OrderedGraph, orderGraph } from './order-graph.ts';
import { readNodes } from './read-graph.ts';
import { nameOf, namesOf } from './read-node.ts';
import { readOpsets } from './read-opsets.ts';
import type { Reading } from './reading.ts';

export interface FunctionReading {
  readonly ordered: OrderedGraph;
  readonly local: LocalFunction;
}

/** FunctionProto, its body as a checked graph. */
export function readFunction(fields: Fields, path: string, reading: Reading): FunctionReading {
  const tensors = new Map<string, Tensor>();
  const values = (number: number, what: string) =>
    namesOf(fields, number, `${path}.${what}`, reading).map((name) => ({
      name,
      dtype: null,
      dims: null,
    }));
  const messages = delimited(fields, 7).map(({ fields: inner }) => inner!);
  const name = nameOf(fields, 1, `${path}.name`, reading);
  const graph: Graph = {
    name,
    nodes: readNodes(messages, path, reading, tensors),
    tensors,
    inputs: values(4, 'input'),
    outputs: values(5, 'output'),
    overridable: new Set(),
  };
  const ordered = orderGraph(graph, NO_SCOPE, path, reading);
  const domain = nameOf(fields, 10, `${path}.domain`, reading);
  const opsets = readOpsets(fields, 9);
  return { ordered, local: { name, domain, opsets, body: ordered.graph } };
}
