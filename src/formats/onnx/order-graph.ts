/**
 * Names and order: every value is defined once and every input by something visible, bodies see
 * the values around them, and nodes can be put in order of execution.
 */
import type { Graph, Node } from '../../model/model.ts';
import { malformed } from './malformed.ts';
import { duplicateValue } from './read-graph.ts';
import type { Reading } from './reading.ts';

/** The names that a body may use from around it. */
export interface Scope {
  has(name: string): boolean;
}

export const NO_SCOPE: Scope = { has: () => false };

export interface OrderedGraph {
  /** Nodes in order of execution, `index` being the position in it; bodies likewise. */
  readonly graph: Graph;
  /** For each node, its position in the file. */
  readonly order: readonly number[];
  readonly isSorted: boolean;
  /** Values used from around the graph. */
  readonly captured: ReadonlySet<string>;
  /** The bodies of each node, by its position in the file. */
  readonly bodies: ReadonlyMap<number, readonly OrderedGraph[]>;
}

const NOT_A_NODE = -1;

/** @throws malformed-model if a name is defined twice or not at all, or nodes form a cycle */
export function orderGraph(
  graph: Graph,
  outer: Scope,
  path: string,
  reading: Reading,
): OrderedGraph {
  const producers = findProducers(graph, path, reading);
  const scope: Scope = { has: (name) => producers.has(name) || outer.has(name) };
  const captured = new Set<string>();
  const use = (name: string, where: string): number => {
    const producer = producers.get(name);
    if (producer !== undefined) return producer;
    if (!outer.has(name)) {
      throw malformed(reading.file, `uses a value that nothing produces: ${name} in ${where}`, {
        path: where,
      });
    }
    captured.add(name);
    return NOT_A_NODE;
  };
  const dependencies: number[][] = [];
  const bodies = new Map<number, readonly OrderedGraph[]>();
  const nodes = graph.nodes.map((node): Node => {
    const nodePath = `${path}.node[${node.index}]`;
    const needed: number[] = [];
    dependencies.push(needed);
    node.inputs.forEach((name, input) => {
      if (name !== '') needed.push(use(name, `${nodePath}.input[${input}]`));
    });
    if (node.subgraphs.length === 0) return node;
    const ordered = node.subgraphs.map((body) =>
      orderGraph(body, scope, `${nodePath}.${body.name || 'body'}`, reading),
    );
    for (const { captured: names } of ordered) {
      for (const name of names) needed.push(use(name, nodePath));
    }
    bodies.set(node.index, ordered);
    return { ...node, subgraphs: ordered.map(({ graph: body }) => body) };
  });
  for (const { name } of graph.outputs) use(name, `${path}.output`);
  const isSorted = dependencies.every((needed, index) => needed.every((other) => other < index));
  if (isSorted) {
    const order = nodes.map((_, index) => index);
    return { graph: { ...graph, nodes }, order, isSorted, captured, bodies };
  }
  const order = executionOrder(nodes, dependencies, path, reading);
  reading.note(
    'unsorted',
    `${reading.file} lists the nodes of its ${path} out of order; they were sorted.`,
    path,
  );
  const sorted = order.map((position, index) => ({ ...nodes[position]!, index }));
  return { graph: { ...graph, nodes: sorted }, order, isSorted, captured, bodies };
}

/** Value name → position of its node, or −1 for inputs and initializers. */
function findProducers(graph: Graph, path: string, reading: Reading): Map<string, number> {
  const producers = new Map<string, number>();
  for (const [name, { place }] of graph.tensors) {
    if (place !== 'constant-node') producers.set(name, NOT_A_NODE);
  }
  graph.inputs.forEach(({ name }, index) => {
    const where = `${path}.input[${index}]`;
    if (name === '')
      throw malformed(reading.file, `has an input without a name (${where})`, { path: where });
    if (producers.has(name)) throw duplicateValue(name, where, reading);
    producers.set(name, NOT_A_NODE);
  });
  for (const { index, outputs } of graph.nodes) {
    for (const name of outputs) {
      if (name === '') continue;
      if (producers.has(name)) throw duplicateValue(name, `${path}.node[${index}]`, reading);
      producers.set(name, index);
    }
  }
  return producers;
}

/** Depth first from each node in the file's order, so that a sorted stretch stays as it is. */
function executionOrder(
  nodes: readonly Node[],
  dependencies: readonly (readonly number[])[],
  path: string,
  reading: Reading,
): number[] {
  const order: number[] = [];
  const state = new Uint8Array(nodes.length); // 0 new, 1 on the stack, 2 done
  const stack: { readonly node: number; next: number }[] = [];
  const enter = (node: number) => {
    state[node] = 1;
    stack.push({ node, next: 0 });
  };
  for (let start = 0; start < nodes.length; start++) {
    if (state[start] === 0) enter(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const needed = dependencies[top.node]![top.next++];
      if (needed === undefined) {
        state[top.node] = 2;
        order.push(top.node);
        stack.pop();
      } else if (needed !== NOT_A_NODE && state[needed] === 1) {
        const names = [top.node, needed].map((index) => nodes[index]!.name || `node ${index}`);
        const where = `${path}.node[${top.node}]`;
        throw malformed(
          reading.file,
          `has nodes that wait for each other: ${names[0]} and ${names[1]}`,
          { path: where },
        );
      } else if (needed !== NOT_A_NODE && state[needed] === 0) {
        enter(needed);
      }
    }
  }
  return order;
}
