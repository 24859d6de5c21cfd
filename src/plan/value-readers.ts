import type { Graph, Node } from '../model/model.ts';

/** Operators that look at the shape of a value alone. */
const READS_SHAPE: ReadonlySet<string> = new Set(['Shape', 'Size']);

/** Who makes and who reads the values of one graph. */
export class ValueReaders {
  readonly graph: Graph;
  readonly #producers = new Map<string, Node>();
  readonly #readers = new Map<string, Set<number>>();
  readonly #outputs: ReadonlySet<string>;

  constructor(graph: Graph) {
    this.graph = graph;
    this.#outputs = new Set(graph.outputs.map(({ name }) => name));
    for (const node of graph.nodes) {
      for (const name of node.outputs) if (name !== '') this.#producers.set(name, node);
      if (node.domain === '' && READS_SHAPE.has(node.op)) continue;
      for (const name of namesRead(node)) {
        const readers = this.#readers.get(name) ?? new Set();
        this.#readers.set(name, readers.add(node.index));
      }
    }
  }

  producerOf(value: string): Node | undefined {
    return this.#producers.get(value);
  }

  /** The one node that sees the value's elements; undefined if there are several, or none. */
  onlyReaderOf(value: string): Node | undefined {
    const [index, ...others] = this.#readers.get(value) ?? [];
    const isAlone = others.length === 0 && !this.#outputs.has(value);
    return index !== undefined && isAlone ? this.graph.nodes[index] : undefined;
  }

  /** Some node beside these that sees the value's elements; undefined if there is none. */
  otherReaderOf(value: string, nodes: ReadonlySet<number>): Node | undefined {
    for (const index of this.#readers.get(value) ?? []) {
      if (!nodes.has(index)) return this.graph.nodes[index];
    }
    return undefined;
  }

  /** Whether nothing but these nodes sees the value's elements. */
  isReadOnlyBy(value: string, nodes: ReadonlySet<number>): boolean {
    return !this.#outputs.has(value) && this.otherReaderOf(value, nodes) === undefined;
  }
}

/** Names that a node reads, those of its bodies too, whether or not they define them themselves. */
function* namesRead({ inputs, subgraphs }: Node): Generator<string> {
  for (const name of inputs) if (name !== '') yield name;
  for (const { nodes, outputs } of subgraphs) {
    for (const { name } of outputs) yield name;
    for (const node of nodes) yield* namesRead(node);
  }
}
