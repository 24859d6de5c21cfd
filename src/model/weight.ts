/** A weight: a constant tensor that feeds operators, with every way in which it is used. */
import type { GraphId } from './graphs.ts';
import type { Tensor } from './model.ts';

export interface Use {
  /** Where the consuming node is: the weight's graph, or a body inside it. */
  readonly graph: GraphId;
  /** The consuming node, after any Identity or Transpose between. */
  readonly nodeIndex: number;
  readonly op: string;
  readonly domain: string;
  readonly nodeName: string;
  readonly inputIndex: number;
  /** Nodes between the constant and its consumer, in order from the constant. */
  readonly via: readonly number[];
  /** The graph of each node in `via`. */
  readonly viaGraphs: readonly GraphId[];
  /** Composed permutation of the Transposes in `via`; null is the identity. */
  readonly permutation: readonly number[] | null;
}

export interface Weight {
  /**
   * The weight's id, unique in the model: the name of its value, after the names of the function
   * and the nodes and bodies around it (`If_3/then_branch/W`, where a nameless node is called by
   * operator and index); `tensor.name` is the value's name within its graph.
   */
  readonly name: string;
  readonly graph: GraphId;
  /** The name to show: the tensor's, or the consuming node's where exporters numbered the tensor. */
  readonly label: string;
  readonly tensor: Tensor;
  readonly uses: readonly Use[];
  /** The value is also an output of a graph or a body, so its float form is observable. */
  readonly isGraphOutput: boolean;
  /** Callers may override it: not a constant. */
  readonly isGraphInput: boolean;
}
