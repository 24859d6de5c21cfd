/**
 * What an encoder is: from a weight and its encoding to the nodes and tensors that take its place,
 * with payloads deferred. Encoders never see values, so a plan costs nothing but names and shapes.
 */

import type { TensorRole } from '../catalog/encoding-layout.ts';
import type { EncodingChoice } from '../catalog/encodings.ts';
import type { NodeSpec, TensorSpec } from '../model/edit.ts';
import type { Graph, Node } from '../model/model.ts';

/** A weight to encode, seen as a matrix [K, N] (an embedding: N rows of width K). */
export interface EncodeJob {
  /** Name of the weight's value, the stem of every new name. */
  readonly name: string;
  readonly choice: EncodingChoice;
  readonly K: number;
  readonly N: number;
  /** Stored tensors by role, under the names they have in the output. */
  readonly tensors: Readonly<Partial<Record<TensorRole, TensorSpec>>>;
}

export interface Encoded {
  /** Nodes that depend on the weight alone; they fold at load. */
  readonly prelude: readonly NodeSpec[];
  /** The nodes in place of one consumer. */
  readonly replace: (node: Node) => readonly NodeSpec[];
}

export type Encoder = (job: EncodeJob, context: EncodeContext) => Encoded;

/** An activation after DynamicQuantizeLinear, by value names. */
export interface QuantizedActivation {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/** A name with its suffixes must stay below what a reader of the file loads. */
const LONGEST_STEM = 1000;

/** Names, small constants and shared activations of one edited graph. */
export class EncodeContext {
  readonly graph: Graph;
  readonly #taken: Set<string>;
  readonly #constants = new Map<string, TensorSpec>();
  readonly #activations = new Map<string, QuantizedActivation>();

  constructor(graph: Graph) {
    this.graph = graph;
    this.#taken = new Set();
    takeNames(graph, this.#taken);
  }

  /**
   * `base`, cut to 1000 characters, or `base_2`, `base_3`… if the graph or a body in it has that
   * name already; reserves it.
   */
  unique(base: string): string {
    const stem = base.slice(0, LONGEST_STEM);
    let name = stem;
    for (let n = 2; this.#taken.has(name); n++) name = `${stem}_${n}`;
    this.#taken.add(name);
    return name;
  }

  /** A small constant, one for all who ask for the same key. */
  constant(key: string, make: () => Omit<TensorSpec, 'name'>): string {
    let spec = this.#constants.get(key);
    if (!spec) {
      spec = { name: this.unique(`whittle_${key}`), ...make() };
      this.#constants.set(key, spec);
    }
    return spec.name;
  }

  get constants(): readonly TensorSpec[] {
    return [...this.#constants.values()];
  }

  /** Quantizes `value` at run time; consumers of one value share one DynamicQuantizeLinear. */
  quantizedActivation(value: string): {
    readonly activation: QuantizedActivation;
    readonly nodes: readonly NodeSpec[];
  } {
    const known = this.#activations.get(value);
    if (known) return { activation: known, nodes: [] };
    const activation = {
      values: this.unique(`${value}_quantized`),
      scale: this.unique(`${value}_scale`),
      zeroPoint: this.unique(`${value}_zero_point`),
    };
    this.#activations.set(value, activation);
    const node: NodeSpec = {
      op: 'DynamicQuantizeLinear',
      domain: '',
      name: this.unique(`${value}_QuantizeLinear`),
      inputs: [value],
      outputs: [activation.values, activation.scale, activation.zeroPoint],
      attributes: {},
    };
    return { activation, nodes: [node] };
  }
}

/** Of values and nodes, those in bodies too: a body may not define a name that is around it. */
function takeNames({ tensors, inputs, nodes }: Graph, taken: Set<string>): void {
  for (const name of tensors.keys()) taken.add(name);
  for (const { name } of inputs) taken.add(name);
  for (const { name, outputs, subgraphs } of nodes) {
    taken.add(name);
    for (const output of outputs) taken.add(output);
    for (const body of subgraphs) takeNames(body, taken);
  }
}
