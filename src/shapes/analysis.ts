/** What is known of the values of a graph while its nodes are gone through in order. */
import type { Graph, Node, Tensor } from '../model/model.ts';
import { type Extent, extentOf, numberOf } from './extent.ts';
import { type AxisRef, axesOf, literal, type Size } from './size.ts';
import { TiedAxes } from './tied-axes.ts';

export type Dims = readonly Extent[];

export interface ValueFacts {
  /** null: not even the rank is known. */
  readonly dims: Dims | null;
  /** Depends on constants alone. */
  readonly isConstant: boolean;
  /** Of a short integer tensor of rank 0 or 1. */
  readonly sizes: readonly Size[] | null;
  /** The constant that it is a view of, with the constant's axis for each of its own. */
  readonly origin: { readonly tensor: string; readonly axes: readonly number[] } | null;
}

/** What an axis of a constant is for the operator that takes it. */
export type Role =
  /** One element for each output. */
  | 'makes'
  /** Summed over: what comes in by it. */
  | 'takes';

export interface Use {
  readonly tensor: string;
  readonly axis: number;
  readonly role: Role;
  readonly node: number;
}

/** A literal in the graph that has to follow an axis; `parts` of it where it is a list. */
export interface SizeEdit {
  readonly node: number;
  readonly input: number;
  readonly element: number;
  readonly axis: number;
}

/** An attribute that states the length of an axis. */
export interface AttributeEdit {
  readonly node: number;
  readonly name: string;
  /** Index in a list; null for a number. */
  readonly element: number | null;
  readonly axis: number;
}

const UNKNOWN_FACTS: ValueFacts = { dims: null, isConstant: false, sizes: null, origin: null };

export class Analysis {
  readonly graph: Graph;
  readonly opset: number;
  readonly ties = new TiedAxes();
  readonly uses: Use[] = [];
  readonly sizeEdits: SizeEdit[] = [];
  readonly attributeEdits: AttributeEdit[] = [];
  /** Axes over which two activations are multiplied, as attention does for each head. */
  readonly batched: number[] = [];
  readonly convolved: number[] = [];
  readonly #facts = new Map<string, ValueFacts>();
  #symbols = 0;

  constructor(graph: Graph, opset: number) {
    this.graph = graph;
    this.opset = opset;
    for (const { name, dims } of graph.inputs) {
      const own = dims?.map((dim) => (dim === null ? this.symbol() : extentOf(dim))) ?? null;
      this.#facts.set(name, { ...UNKNOWN_FACTS, dims: own });
      own?.forEach((_, axis) => {
        this.freeze(name, axis, name, 'is an input of the model');
      });
    }
    for (const [name, tensor] of graph.tensors) this.#facts.set(name, constantFacts(name, tensor));
    for (const name of graph.overridable) {
      for (const axis of this.axesOf(name)) this.freeze(name, axis, name, 'callers may override');
    }
  }

  facts(value: string): ValueFacts {
    return this.#facts.get(value) ?? UNKNOWN_FACTS;
  }

  dims(value: string): Dims | null {
    return this.facts(value).dims;
  }

  /** 0, 1, … for each axis of a value whose rank is known. */
  axesOf(value: string): number[] {
    return this.dims(value)?.map((_, axis) => axis) ?? [];
  }

  set(value: string, dims: Dims | null, rest: Partial<ValueFacts> = {}): void {
    if (value !== '') this.#facts.set(value, { ...UNKNOWN_FACTS, dims, ...rest });
  }

  /** Sets the first output of `node`, constant if all its inputs are. */
  give(node: Node, dims: Dims | null, rest: Partial<ValueFacts> = {}): void {
    const isConstant = node.inputs.every((name) => name === '' || this.facts(name).isConstant);
    this.set(node.outputs[0] ?? '', dims, { isConstant, ...rest });
  }

  symbol(): Extent {
    this.#symbols += 1;
    return extentOf(`?${this.#symbols}`);
  }

  /** The id of an axis whose length is a known number above 1; null for any other. */
  axis(value: string, axis: number): number | null {
    const extent = this.dims(value)?.[axis];
    const width = extent && numberOf(extent);
    return width && width > 1 ? this.ties.axis(value, axis, width) : null;
  }

  tie(a: string, axisA: number, b: string, axisB: number): void {
    const [left, right] = [this.axis(a, axisA), this.axis(b, axisB)];
    if (left !== null && right !== null) this.ties.tie(left, right);
  }

  freeze(value: string, axis: number, node: string, why: string): void {
    const id = this.axis(value, axis);
    if (id !== null) this.ties.freeze(id, { node, why });
  }

  /** `node` does something with all axes of `value` that is not understood. */
  freezeAll(value: string, node: Node, why: string): void {
    for (const axis of this.axesOf(value)) this.freeze(value, axis, nameOf(node), why);
    this.freezeSizes(value, node);
  }

  /** Lengths that become numbers of the computation must not change. */
  freezeSizes(value: string, node: Node): void {
    for (const size of this.facts(value).sizes ?? []) {
      this.freezeRefs(axesOf(size), node, 'computes with its length');
      if (size.kind === 'literal' && size.place) this.#fixed.push(size.place);
    }
  }

  readonly #fixed: { readonly node: number; readonly input: number; readonly element: number }[] =
    [];

  get fixedLiterals() {
    return this.#fixed;
  }

  freezeRefs(refs: readonly AxisRef[], node: Node, why: string): void {
    for (const { value, axis } of refs) this.freeze(value, axis, nameOf(node), why);
  }

  /** The axis of a constant, seen through transpositions, has a role for `node`. */
  use(value: string, axis: number, role: Role, node: Node): void {
    const { origin } = this.facts(value);
    const own = origin?.axes[axis];
    if (origin && own !== undefined) {
      this.uses.push({ tensor: origin.tensor, axis: own, role, node: node.index });
    }
  }
}

function constantFacts(name: string, { dims, ints }: Tensor): ValueFacts {
  return {
    dims: dims.map((dim) => extentOf(dim)),
    isConstant: true,
    sizes: ints && dims.length < 2 ? ints.map((value) => literal(value)) : null,
    origin: { tensor: name, axes: dims.map((_, axis) => axis) },
  };
}

/** What people call a node. */
export const nameOf = ({ op, name }: Pick<Node, 'op' | 'name'>): string =>
  name === '' ? op : `${op} (${name})`;
