/**
 * Raises the default opset of a model: every node whose operator changed on the way becomes what
 * means the same in the newer one, in all graphs and functions, or the raise is refused by name.
 */

import type { NodeSpec } from '../../../model/edit.ts';
import { type Edit, EMPTY_EDIT, EMPTY_GRAPH_EDIT, type GraphEdit } from '../../../model/edit.ts';
import { functionId, type GraphId, graphsOf, isInside } from '../../../model/graphs.ts';
import type { Graph, Model, Node } from '../../../model/model.ts';
import { CONVERSIONS } from './conversions.ts';
import { Draft } from './draft.ts';
import { factsOf } from './model-facts.ts';
import { NEWEST_OPSET, OLDEST_OPSET, OPERATOR_HISTORY } from './operator-history.ts';
import { UpgradeContext } from './upgrade-context.ts';

export interface UpgradeOptions {
  /** Gives a name that no graph of the model has, made from `base`, and reserves it. */
  readonly unique: (base: string) => string;
  /** Nodes that something else replaces, by what the newer opset knows already. */
  readonly isReplaced?: (graph: GraphId, nodeIndex: number) => boolean;
}

export type Upgrade = { readonly edit: Edit } | { readonly refused: string };

/** What ONNX Runtime keeps in the default domain beside ONNX: the same in every opset. */
const UNVERSIONED: ReadonlySet<string> = new Set(['SimplifiedLayerNormalization']);

/**
 * The edit that raises `model` to opset `to` of the default domain; an empty one if it has that
 * already. Its reason, if it is refused, names the node, its operator and the opset.
 * @param to at most 25
 */
export function planUpgrade(
  model: Pick<Model, 'graph' | 'functions' | 'opsets'>,
  to: number,
  options: UpgradeOptions,
): Upgrade {
  if (to > NEWEST_OPSET)
    return { refused: `Whittle converts up to opset ${NEWEST_OPSET}, not ${to}` };
  const isLocal = localOperators(model);
  const facts = factsOf(model);
  const graphs = new Map<GraphId, GraphEdit>();
  let isRaised = false;
  for (const [id, graph] of graphsOf(model)) {
    const from = opsetOf(model, id);
    if (from === undefined && id.startsWith('function:')) continue;
    if (from === undefined) return { refused: 'The model does not say which opset it has' };
    if (from >= to) continue;
    if (from < OLDEST_OPSET) {
      return { refused: `Opset ${from} is too old: Whittle converts from ${OLDEST_OPSET} on` };
    }
    isRaised = true;
    const context = new UpgradeContext(graph, to, facts, options.unique);
    const isOpen = (node: Node) =>
      node.domain === '' && !isLocal(node.op) && !options.isReplaced?.(id, node.index);
    const converted = convertGraph(graph, from, context, isOpen);
    if ('refused' in converted) return converted;
    const { replacedNodes } = converted;
    if (replacedNodes.size === 0) continue;
    graphs.set(id, { ...EMPTY_GRAPH_EDIT, replacedNodes, addedTensors: context.constants });
  }
  return { edit: isRaised ? { graphs, opsets: new Map([['', to]]) } : EMPTY_EDIT };
}

/** Names that the model's own functions have in the default domain: they come before ONNX's. */
function localOperators({ functions }: Pick<Model, 'functions'>): (op: string) => boolean {
  const own = new Set(functions.filter(({ domain }) => domain === '').map(({ name }) => name));
  return (op) => own.has(op) || UNVERSIONED.has(op);
}

/** The default opset that the nodes of a graph mean. */
function opsetOf(model: Pick<Model, 'functions' | 'opsets'>, id: GraphId): number | undefined {
  const index = model.functions.findIndex(
    (_, at) => id === functionId(at) || isInside(id, functionId(at)),
  );
  return (model.functions[index]?.opsets ?? model.opsets).get('');
}

function convertGraph(
  graph: Graph,
  from: number,
  context: UpgradeContext,
  isOpen: (node: Node) => boolean,
): { readonly replacedNodes: Map<number, readonly NodeSpec[]> } | { readonly refused: string } {
  const replacedNodes = new Map<number, readonly NodeSpec[]>();
  for (const node of graph.nodes) {
    if (!isOpen(node)) continue;
    if (!OPERATOR_HISTORY.has(node.op)) {
      return {
        refused: `${node.op} is no operator that Whittle can convert to opset ${context.to}`,
      };
    }
    const draft = new Draft(node);
    for (let opset = from + 1; opset <= context.to; opset++) {
      CONVERSIONS.get(draft.op)?.[opset]?.(draft, context);
      if (draft.problem !== null) return refusal(node, opset, draft.problem);
    }
    if (!draft.isChanged) continue;
    const nodes = draft.finish();
    if (draft.problem !== null) return refusal(node, context.to, draft.problem);
    replacedNodes.set(node.index, nodes);
  }
  return { replacedNodes };
}

function refusal({ op, name }: Node, opset: number, problem: string): { readonly refused: string } {
  const which = name === '' ? op : `${op} (${name})`;
  return { refused: `${which} changed at opset ${opset} and cannot be converted: ${problem}` };
}
