import { CARRIES_IDS } from '../model/carries-ids.ts';
import type { Graph, Node } from '../model/model.ts';

/** Lookups, with the position of the table and of the indices among their inputs. */
const LOOKUPS = new Set(['Gather', 'GatherBlockQuantized']);

/**
 * Rows of the smallest table that values of graph input `name` index: a token id must be below it.
 * null if it feeds no lookup in a constant table.
 */
export function tableRows(graph: Graph, name: string): number | null {
  const reached = new Set([name]);
  const makers = makersOf(graph);
  let rows: number | null = null;
  // Nodes are in topological order, so one pass sees every carrier before its consumers.
  for (const { op, inputs, outputs } of graph.nodes) {
    const [first = '', second = ''] = inputs;
    if (CARRIES_IDS.has(op) && reached.has(first)) {
      for (const output of outputs) reached.add(output);
    } else if (LOOKUPS.has(op) && reached.has(second)) {
      const table = graph.tensors.get(originOf(graph, makers, first));
      const [count] = table?.dims ?? [];
      if (table && table.dims.length >= 2 && count !== undefined) {
        rows = Math.min(rows ?? count, count);
      }
    }
  }
  return rows;
}

/** The constant that `value` is, seen through Identity, Cast and dequantization. */
function originOf(graph: Graph, makers: ReadonlyMap<string, Node>, value: string): string {
  let origin = value;
  for (let hops = 0; hops < 8 && !graph.tensors.has(origin); hops++) {
    const maker = makers.get(origin);
    const source = maker?.inputs[0];
    if (!maker || source === undefined) break;
    if (!['Identity', 'Cast', 'DequantizeLinear'].includes(maker.op)) break;
    origin = source;
  }
  return origin;
}

/** Of each graph once: a graph may have thousands of inputs and of lookups. */
const known = new WeakMap<Graph, ReadonlyMap<string, Node>>();

function makersOf(graph: Graph): ReadonlyMap<string, Node> {
  const makers =
    known.get(graph) ??
    new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  known.set(graph, makers);
  return makers;
}
