/** How many axes values of a graph have, as far as that follows without inferring shapes. */
import type { Graph, Node } from '../../../model/model.ts';

/** Their output has as many axes as their first input. */
const KEEPS_RANK: ReadonlySet<string> = new Set(
  `Abs AveragePool BatchNormalization Cast Ceil Clip Concat Conv ConvTranspose DepthToSpace Dropout
  Elu Erf Exp Floor GlobalAveragePool GlobalMaxPool HardSigmoid Hardmax Identity
  InstanceNormalization LRN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization LpPool
  MaxPool Neg PRelu Pad Reciprocal Relu Selu Sigmoid Sign Slice Softmax Softplus Softsign
  SpaceToDepth Split Sqrt Tanh ThresholdedRelu Tile Transpose Upsample`.split(/\s+/),
);
const LONGEST_WALK = 1000;

export class ShapeFacts {
  readonly #graph: Graph;
  readonly #ranks: Map<string, number>;
  readonly #makers = new Map<string, Node>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#ranks = new Map(
      [...graph.inputs, ...graph.outputs].flatMap(({ name, dims }) =>
        dims ? [[name, dims.length] as const] : [],
      ),
    );
    for (const [name, { dims }] of graph.tensors) this.#ranks.set(name, dims.length);
    for (const node of graph.nodes) for (const name of node.outputs) this.#makers.set(name, node);
  }

  dimsOf = (name: string): readonly number[] | undefined => this.#graph.tensors.get(name)?.dims;

  /** Follows first inputs up to a value whose rank is stated. */
  rankOf(name: string): number | undefined {
    const walked: string[] = [];
    let at = name;
    while (!this.#ranks.has(at)) {
      const maker = this.#makers.get(at);
      const [first] = maker?.inputs ?? [];
      const keeps = maker?.domain === '' && KEEPS_RANK.has(maker.op) && maker.outputs[0] === at;
      if (!keeps || !first || walked.length === LONGEST_WALK) return undefined;
      walked.push(at);
      at = first;
    }
    const rank = this.#ranks.get(at);
    if (rank !== undefined) for (const each of walked) this.#ranks.set(each, rank);
    return rank;
  }
}
