/**
 * What of a graph's values is made from what. Reading only the shape of a value does not count: the
 * lengths of a batch go from anywhere to anywhere and say nothing of where the data passes.
 */
import type { Graph, Node } from '../../model/model.ts';
import { readBy } from '../../model/read-by.ts';

/** Operators that see the shape of their input and none of its elements. */
const READS_SHAPE: ReadonlySet<string> = new Set(['Shape', 'Size']);

export interface DataFlow {
  readonly graph: Graph;
  /** The node that gives a value; undefined for inputs and initializers. */
  readonly maker: ReadonlyMap<string, Node>;
  /** Of each node, by index: the values that its outputs are made from, constants left out. */
  readonly sources: readonly ReadonlySet<string>[];
  /** Of each node, by index: every value that it reads, constants and bodies included. */
  readonly reads: readonly ReadonlySet<string>[];
  /** How many nodes make something from a value. */
  readonly readers: ReadonlyMap<string, number>;
}

/** @param graph its nodes in order of execution */
export function dataFlowOf(graph: Graph): DataFlow {
  const maker = new Map<string, Node>();
  const flowing = new Set(graph.inputs.map(({ name }) => name));
  const sources: ReadonlySet<string>[] = [];
  const reads: ReadonlySet<string>[] = [];
  const readers = new Map<string, number>();
  for (const node of graph.nodes) {
    const all = readBy(node);
    const seen = node.domain === '' && READS_SHAPE.has(node.op);
    const own = new Set(seen ? [] : [...all].filter((name) => flowing.has(name)));
    reads.push(all);
    sources.push(own);
    for (const name of own) readers.set(name, (readers.get(name) ?? 0) + 1);
    for (const name of node.outputs) {
      if (name === '') continue;
      maker.set(name, node);
      if (own.size > 0) flowing.add(name);
    }
  }
  return { graph, maker, sources, reads, readers };
}

/**
 * For each value that `output` is made from, the first value after it that all of its ways to
 * `output` pass through: the immediate post-dominator.
 */
export function nextOnEveryWay(
  { graph, sources }: DataFlow,
  output: string,
): ReadonlyMap<string, string> {
  const next = new Map<string, string>();
  const depth = new Map<string, number>([[output, 0]]);
  const meet = (a: string, b: string): string => {
    let [left, right] = [a, b];
    while (left !== right) {
      const isLeftDeeper = (depth.get(left) ?? 0) >= (depth.get(right) ?? 0);
      if (isLeftDeeper) left = next.get(left) ?? output;
      else right = next.get(right) ?? output;
    }
    return left;
  };
  // Whoever reads a value comes after whoever makes it, so all readers of a value are met before it.
  const ways = new Map<string, string>();
  const settle = (name: string) => {
    const first = ways.get(name);
    if (first === undefined || name === output) return;
    next.set(name, first);
    depth.set(name, (depth.get(first) ?? 0) + 1);
  };
  for (const { index, outputs } of graph.nodes.toReversed()) {
    for (const name of outputs) settle(name);
    const reached = outputs.filter((name) => depth.has(name));
    for (const source of reached.length > 0 ? (sources[index] ?? []) : []) {
      for (const name of reached) {
        const known = ways.get(source);
        ways.set(source, known === undefined ? name : meet(known, name));
      }
    }
  }
  for (const { name } of graph.inputs) settle(name);
  return next;
}

/**
 * The nodes between two values: made from `from`, and `to` is made from them.
 * - `to` — comes after `from` on every way
 */
export function nodesBetween({ maker, sources }: DataFlow, from: string, to: string): Node[] {
  const first = maker.get(from)?.index ?? -1;
  const last = maker.get(to);
  const isInside = new Map<string, boolean>([[from, true]]);
  const found = new Map<number, Node>();
  // Depth first without recursion: a value is inside if any of its sources is.
  const visit = (start: string): void => {
    const waiting = [start];
    for (let name = waiting.at(-1); name !== undefined; name = waiting.at(-1)) {
      const node = maker.get(name);
      if (isInside.has(name) || !node || node.index <= first) {
        if (!isInside.has(name)) isInside.set(name, false);
        waiting.pop();
        continue;
      }
      const own = [...(sources[node.index] ?? [])];
      const open = own.find((source) => !isInside.has(source));
      if (open !== undefined) {
        waiting.push(open);
        continue;
      }
      const inside = own.some((source) => isInside.get(source));
      isInside.set(name, inside);
      if (inside) found.set(node.index, node);
      waiting.pop();
    }
  };
  if (last) visit(to);
  return [...found.values()].sort((a, b) => a.index - b.index);
}
