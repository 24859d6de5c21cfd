/** From chosen weights to one edit of the model's graphs. */
import { assert } from '../core/assert.ts';
import { encode } from '../encoders/encode.ts';
import { FreshNames } from '../encoders/encode-context.ts';
import type { Encoded } from '../encoders/encoder.ts';
import { lower } from '../encoders/lower.ts';
import { onnx } from '../encoders/nodes.ts';
import { plainNodes } from '../encoders/plain-nodes.ts';
import type { Site } from '../encoders/site.ts';
import type { Edit, NodeSpec } from '../model/edit.ts';
import type { GraphId } from '../model/graphs.ts';
import type { Model } from '../model/model.ts';
import { splitSite } from './factor-parts.ts';
import { GraphDrafts } from './graph-drafts.ts';
import { type NamedPart, nameParts } from './name-tensors.ts';
import type { ChosenWeight, PlannedWeight } from './planned-weight.ts';
import { removeViews } from './remove-views.ts';

export interface BuiltEdit {
  readonly edit: Edit;
  readonly planned: readonly PlannedWeight[];
  readonly names: FreshNames;
}

interface NamedWeight extends ChosenWeight {
  readonly parts: readonly NamedPart[];
}

/**
 * @param left names of chosen weights that stay after all; what they would have stored keeps its
 *   names, so that the others' names stay too
 */
export function buildEdit(
  model: Pick<Model, 'graph' | 'functions'>,
  chosen: readonly ChosenWeight[],
  left: { has(name: string): boolean },
): BuiltEdit {
  const names = new FreshNames(model);
  const planned = chosen
    .map((item): NamedWeight => ({ ...item, parts: nameParts(item, names) }))
    .filter(({ weight }) => !left.has(weight.name));
  const drafts = new GraphDrafts(model, names);

  const gone: NamedWeight[] = [];
  const uses: { graph: GraphId; nodeIndex: number; item: NamedWeight; encoded: EncodedParts }[] =
    [];
  for (const item of planned) {
    const encoded = encodeParts(item, drafts);
    drafts.removeConstant(item.weight);
    if (item.parts.length === 1 && encoded[0]?.kind === 'value') continue;
    gone.push(item);
    for (const { graph, nodeIndex } of item.weight.uses) {
      uses.push({ graph, nodeIndex, item, encoded });
    }
  }
  // In node order, so that the first consumer of an activation carries what others share.
  uses.sort((a, b) => a.nodeIndex - b.nodeIndex);
  for (const { graph, nodeIndex, item, encoded } of uses) {
    drafts.replaceNode(graph, nodeIndex, replaced(item, encoded, graph, nodeIndex, drafts));
  }
  removeViews(model, gone, drafts);
  return { planned, names, edit: drafts.edit() };
}

type EncodedParts = readonly Encoded[];

function encodeParts({ weight, parts }: NamedWeight, drafts: GraphDrafts): EncodedParts {
  const context = drafts.contextOf(weight.graph);
  return parts.map((part) => {
    const { stem, valueName, choice, tensors, valueType } = part;
    const value = { name: valueName, dtype: valueType };
    const encoded = encode({ name: stem, choice, shape: part, tensors, value }, context);
    drafts.add(weight.graph, Object.values(tensors), encoded.prelude);
    return encoded;
  });
}

function replaced(
  { parts, view, factorize }: NamedWeight,
  encoded: EncodedParts,
  graph: GraphId,
  nodeIndex: number,
  drafts: GraphDrafts,
): readonly NodeSpec[] {
  const context = drafts.contextOf(graph);
  const node = context.graph.nodes[nodeIndex];
  assert(node, `graph ${graph} has a node ${nodeIndex}`);
  const { before, site, after } = lower(node, view.N, context);
  const sites = parts.length === 1 ? [site] : splitSite(site, factorize?.rank ?? view.K, context);
  const nodes = sites.flatMap((own, at): readonly NodeSpec[] => {
    const [part, code] = [parts[at], encoded[at]];
    assert(part && code, 'a site for each part');
    if (code.kind === 'operator') return code.replace(own, context);
    return plain(own, part, drafts, graph);
  });
  return [...before, ...nodes, ...after];
}

/** The ordinary operator on a value, turned first where it lies the other way. */
function plain(
  site: Site,
  { valueName, channelAxis }: NamedPart,
  drafts: GraphDrafts,
  graph: GraphId,
): readonly NodeSpec[] {
  const context = drafts.contextOf(graph);
  const isTurned =
    (site.kind === 'product' && channelAxis === 0) || (site.kind === 'lookup' && channelAxis === 1);
  if (!isTurned) return plainNodes(site, valueName, context);
  const turned = context.unique(`${valueName}_turned`);
  const turn = onnx('Transpose', [valueName], turned, { perm: { ints: [1, 0] } });
  return [turn, ...plainNodes(site, turned, context)];
}
