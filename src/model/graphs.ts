/** The graphs of a model and their ids: the main one, local functions, and bodies of nodes. */
import type { Graph, Model } from './model.ts';

/**
 * `''` is the main graph and `function:2` the third local function; the body at `bodyIndex` of
 * node `nodeIndex` of graph G is `G/nodeIndex.bodyIndex`. Ids name places of one opened file and
 * are not stored anywhere.
 */
export type GraphId = string;

export const MAIN_GRAPH: GraphId = '';

export const functionId = (index: number): GraphId => `function:${index}`;

export const bodyId = (parent: GraphId, nodeIndex: number, bodyIndex: number): GraphId =>
  `${parent}/${nodeIndex}.${bodyIndex}`;

/** Whether `id` is a body somewhere inside `outer`. */
export const isInside = (id: GraphId, outer: GraphId): boolean => id.startsWith(`${outer}/`);

/** All graphs by id, each before the bodies inside it, the main one first. */
export function graphsOf({
  graph,
  functions = [],
}: Pick<Model, 'graph'> & Partial<Pick<Model, 'functions'>>): ReadonlyMap<GraphId, Graph> {
  const graphs = new Map<GraphId, Graph>();
  const waiting: [GraphId, Graph][] = [
    ...functions.map(({ body }, index): [GraphId, Graph] => [functionId(index), body]).reverse(),
    [MAIN_GRAPH, graph],
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [id, current] = next;
    graphs.set(id, current);
    for (const { index, subgraphs } of current.nodes) {
      subgraphs.forEach((body, at) => {
        waiting.push([bodyId(id, index, at), body]);
      });
    }
  }
  return graphs;
}
