/** The edits of a model's graphs while they grow. */
import { assert } from '../core/assert.ts';
import { EncodeContext, type FreshNames } from '../encoders/encode-context.ts';
import {
  type Edit,
  EMPTY_EDIT,
  type GraphEdit,
  type NodeSpec,
  type TensorSpec,
} from '../model/edit.ts';
import { type GraphId, graphsOf } from '../model/graphs.ts';
import type { Graph, Model, ValueInfo } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';

interface Draft {
  readonly context: EncodeContext;
  readonly removedTensors: Set<string>;
  readonly replacedNodes: Map<number, readonly NodeSpec[]>;
  readonly addedTensors: TensorSpec[];
  readonly prelude: NodeSpec[];
  readonly reshapedValues: Set<string>;
  readonly reshapedOutputs: Map<string, ValueInfo>;
  /** Value → the Constant node that gives it; filled when first asked. */
  constantNodes: ReadonlyMap<string, number> | null;
}

export class GraphDrafts {
  readonly #graphs: ReadonlyMap<GraphId, Graph>;
  readonly #names: FreshNames;
  readonly #drafts = new Map<GraphId, Draft>();

  constructor(model: Pick<Model, 'graph' | 'functions'>, names: FreshNames) {
    this.#graphs = graphsOf(model);
    this.#names = names;
  }

  contextOf(id: GraphId): EncodeContext {
    return this.#draft(id).context;
  }

  add(id: GraphId, tensors: readonly TensorSpec[], prelude: readonly NodeSpec[]): void {
    const draft = this.#draft(id);
    draft.addedTensors.push(...tensors);
    draft.prelude.push(...prelude);
  }

  replaceNode(id: GraphId, index: number, nodes: readonly NodeSpec[]): void {
    const { replacedNodes } = this.#draft(id);
    assert(!replacedNodes.has(index), `node ${index} of graph ${id} is replaced once`);
    replacedNodes.set(index, nodes);
  }

  /** `values` have other shapes than are stated. */
  reshape(id: GraphId, values: readonly string[]): void {
    const { reshapedValues } = this.#draft(id);
    for (const value of values) reshapedValues.add(value);
  }

  /** `values` have `length` along their last axis. */
  resizeLast(id: GraphId, values: readonly string[], length: number): void {
    this.reshape(id, values);
    const { reshapedOutputs, context } = this.#draft(id);
    for (const output of context.graph.outputs) {
      if (!values.includes(output.name) || !output.dims || output.dtype === null) continue;
      reshapedOutputs.set(output.name, { ...output, dims: output.dims.with(-1, length) });
    }
  }

  isReplaced = (id: GraphId, index: number): boolean =>
    this.#drafts.get(id)?.replacedNodes.has(index) ?? false;

  /** The initializer or the Constant node that holds a weight goes. */
  removeConstant({ graph, tensor }: Weight): void {
    const draft = this.#draft(graph);
    if (tensor.place !== 'constant-node') {
      draft.removedTensors.add(tensor.name);
      return;
    }
    draft.constantNodes ??= new Map(
      draft.context.graph.nodes.flatMap(({ outputs, index }) =>
        outputs.map((name) => [name, index] as const),
      ),
    );
    const index = draft.constantNodes.get(tensor.name);
    assert(index !== undefined, `a node gives ${tensor.name}`);
    draft.replacedNodes.set(index, []);
  }

  edit(): Edit {
    if (this.#drafts.size === 0) return EMPTY_EDIT;
    const graphs = new Map(
      [...this.#drafts].map(([id, { context, ...draft }]): [GraphId, GraphEdit] => {
        const { removedTensors, replacedNodes, prelude, reshapedValues, reshapedOutputs } = draft;
        const addedTensors = [...draft.addedTensors, ...context.constants];
        const own = { removedTensors, replacedNodes, addedTensors, prelude };
        const sizes = reshapedValues.size > 0 && { reshapedValues, reshapedOutputs };
        return [id, { ...own, ...sizes }];
      }),
    );
    const nodes = [...graphs.values()].flatMap(({ replacedNodes, prelude }) => [
      ...[...replacedNodes.values()].flat(),
      ...prelude,
    ]);
    const usesContrib = nodes.some(({ domain }) => domain !== '');
    return { graphs, opsets: new Map(usesContrib ? [['com.microsoft', 1]] : []) };
  }

  #draft(id: GraphId): Draft {
    let draft = this.#drafts.get(id);
    if (!draft) {
      const graph = this.#graphs.get(id);
      assert(graph, `the model has a graph ${id}`);
      draft = {
        context: new EncodeContext(graph, this.#names),
        ...{ removedTensors: new Set(), replacedNodes: new Map() },
        ...{ addedTensors: [], prelude: [], constantNodes: null },
        ...{ reshapedValues: new Set(), reshapedOutputs: new Map() },
      };
      this.#drafts.set(id, draft);
    }
    return draft;
  }
}
