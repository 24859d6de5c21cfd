/** From planned weights to one edit of the graph. */
import { encodingLayout, type TensorRole } from '../catalog/encoding-layout.ts';
import type { EncodingChoice } from '../catalog/encodings.ts';
import { assert } from '../core/assert.ts';
import { ENCODERS } from '../encoders/encode.ts';
import { EncodeContext, type Encoded } from '../encoders/encoder.ts';
import { type Edit, EMPTY_EDIT, type NodeSpec, type TensorSpec } from '../model/edit.ts';
import { MAIN_GRAPH } from '../model/graphs.ts';
import type { Graph } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';
import type { MatrixView } from './matrix-view.ts';

/** A weight with its encoding chosen. */
export interface ChosenWeight {
  readonly weight: Weight;
  readonly view: MatrixView;
  readonly stepIndex: number;
  readonly choice: EncodingChoice;
}

export interface PlannedWeight extends ChosenWeight {
  /** Stored tensors by role, named as in the output; their payloads come from the method. */
  readonly tensors: Readonly<Partial<Record<TensorRole, TensorSpec>>>;
}

export interface BuiltEdit {
  readonly edit: Edit;
  readonly planned: readonly PlannedWeight[];
}

/**
 * @param left names of chosen weights that stay after all; what they would have stored keeps its
 *   names, so that payloads made before are still those of the same weights
 */
export function buildEdit(
  graph: Graph,
  chosen: readonly ChosenWeight[],
  left: { has(name: string): boolean },
): BuiltEdit {
  const context = new EncodeContext(graph);
  const planned = chosen
    .map((item) => ({ ...item, tensors: storedTensors(item, context) }))
    .filter(({ weight }) => !left.has(weight.name));
  const replacedNodes = new Map<number, readonly NodeSpec[]>();

  // In node order, so that the first consumer of an activation carries what others share.
  const uses = planned
    .map((item) => ({ item, encoded: encode(item, context) }))
    .flatMap(({ item, encoded }) =>
      item.weight.uses.map(({ nodeIndex }) => ({ nodeIndex, encoded })),
    )
    .sort((a, b) => a.nodeIndex - b.nodeIndex);
  const begun = new Set<Encoded>();
  for (const { nodeIndex, encoded } of uses) {
    const node = graph.nodes[nodeIndex];
    assert(node && !replacedNodes.has(nodeIndex), `node ${nodeIndex} is replaced once`);
    const prelude = begun.has(encoded) ? [] : encoded.prelude;
    begun.add(encoded);
    replacedNodes.set(nodeIndex, [...prelude, ...encoded.replace(node)]);
  }
  removeViews(graph, planned, replacedNodes);

  const specs = planned.flatMap(({ tensors }) => Object.values(tensors));
  const usesContrib = [...replacedNodes.values()].flat().some(({ domain }) => domain !== '');
  return {
    planned,
    edit:
      planned.length === 0
        ? EMPTY_EDIT
        : {
            graphs: new Map([
              [
                MAIN_GRAPH,
                {
                  removedTensors: new Set(
                    planned
                      .filter(({ weight }) => weight.tensor.place === 'initializer')
                      .map(({ weight }) => weight.name),
                  ),
                  replacedNodes,
                  addedTensors: [...specs, ...context.constants],
                  prelude: [],
                },
              ],
            ]),
            opsets: new Map(usesContrib ? [['com.microsoft', 1]] : []),
          },
  };
}

function storedTensors(item: ChosenWeight, context: EncodeContext): PlannedWeight['tensors'] {
  const { choice, view, weight } = item;
  const entries = encodingLayout(choice, view.K, view.N).map(({ role, suffix, dtype, dims }) => {
    const spec: TensorSpec = { name: context.unique(`${weight.name}${suffix}`), dtype, dims };
    return [role, spec] as const;
  });
  return Object.fromEntries(entries);
}

function encode({ weight, choice, view, tensors }: PlannedWeight, context: EncodeContext): Encoded {
  const { K, N } = view;
  return ENCODERS[choice.encoding]({ name: weight.name, choice, K, N, tensors }, context);
}

/**
 * Constant nodes of planned weights go, and so do the Identity, Transpose and Cast nodes that made
 * views of them: with every use replaced, nothing reads those, whether they led to one or nowhere.
 */
function removeViews(
  graph: Graph,
  planned: readonly PlannedWeight[],
  replacedNodes: Map<number, readonly NodeSpec[]>,
): void {
  const consumers = consumersOf(graph);
  const constants = new Set(
    planned.flatMap(({ weight: { name, tensor } }) =>
      tensor.place === 'constant-node' ? [name] : [],
    ),
  );
  for (const { index, outputs } of graph.nodes) {
    if (outputs.some((name) => constants.has(name))) replacedNodes.set(index, []);
  }
  const dead = planned.map(({ weight }) => weight.name);
  for (let name = dead.pop(); name !== undefined; name = dead.pop()) {
    for (const index of consumers.get(name) ?? []) {
      if (replacedNodes.has(index)) continue;
      replacedNodes.set(index, []);
      dead.push(...(graph.nodes[index]?.outputs ?? []));
    }
  }
}

function consumersOf(graph: Graph): ReadonlyMap<string, readonly number[]> {
  const consumers = new Map<string, number[]>();
  for (const { index, inputs } of graph.nodes) {
    for (const name of inputs) {
      if (name === '') continue;
      const list = consumers.get(name);
      if (list) list.push(index);
      else consumers.set(name, [index]);
    }
  }
  return consumers;
}
