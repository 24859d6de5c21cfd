/** The graphs of a model and their ids: the main one, and the bodies inside of its nodes. */
import type { Graph, Model } from './model.ts';

/**
 * `''` is the main graph; the body at `bodyIndex` of node `nodeIndex` of graph G is
 * `G/nodeIndex.bodyIndex`. Ids name places of one opened file and are not stored anywhere.
 */
export type GraphId = string;

export const MAIN_GRAPH: GraphId = '';

export const bodyId = (parent: GraphId, nodeIndex: number, bodyIndex: number): GraphId =>
  `${parent}/${nodeIndex}.${bodyIndex}`;

/** All graphs by id, each before the bodies inside it. */
export function graphsOf({ graph }: Pick<Model, 'graph'>): ReadonlyMap<GraphId, Graph> {
  const graphs = new Map<GraphId, Graph>();
  const waiting: [GraphId, Graph][] = [[MAIN_GRAPH, graph]];
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
