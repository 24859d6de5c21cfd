/** From chosen weights to one edit of the model's graphs. */
import { assert } from '../core/assert.ts';
import { encode } from '../encoders/encode.ts';
import { FreshNames } from '../encoders/encode-context.ts';
import type { Encoded } from '../encoders/encoder.ts';
import { attributesOf, lower } from '../encoders/lower.ts';
import { inputOf, onnx } from '../encoders/nodes.ts';
import { plainNodes } from '../encoders/plain-nodes.ts';
import type { Site } from '../encoders/site.ts';
import type { Edit, NodeSpec } from '../model/edit.ts';
import type { GraphId } from '../model/graphs.ts';
import type { Model, Node } from '../model/model.ts';
import type { Weight } from '../model/weight.ts';
import { splitSite, splitUse } from './factor-parts.ts';
import { GraphDrafts } from './graph-drafts.ts';
import { type NamedPart, nameParts } from './name-tensors.ts';
import { OutputGrids, type WantedGrids } from './output-grids.ts';
import type { ChosenWeight, PlannedWeight } from './planned-weight.ts';
import { removeViews } from './remove-views.ts';
import { inputScalings } from './scaling/input-scalings.ts';
import { type PlannedScaling, ScaledInputs } from './scaling/scaled-inputs.ts';
import { withScalings } from './scaling/with-scalings.ts';

export interface BuiltEdit {
  readonly edit: Edit;
  readonly planned: readonly PlannedWeight[];
  readonly scalings: readonly PlannedScaling[];
  readonly grids: WantedGrids;
  readonly names: FreshNames;
}

interface NamedWeight extends Omit<PlannedWeight, 'parts'> {
  readonly parts: readonly NamedPart[];
}

/**
 * @param weights all constants of the model
 * @param left names of chosen weights that stay after all; what they would have stored keeps its
 *   names, so that the others' names stay too
 */
export function buildEdit(
  model: Pick<Model, 'graph' | 'functions'>,
  chosen: readonly ChosenWeight[],
  weights: readonly Weight[],
  left: { has(name: string): boolean },
): BuiltEdit {
  const names = new FreshNames(model);
  const named = chosen
    .map((item) => ({ ...item, parts: nameParts(item, names) }))
    .filter(({ weight }) => !left.has(weight.name));
  const drafts = new GraphDrafts(model, names);
  const found = inputScalings(named, model, weights);
  const planned: readonly NamedWeight[] = withScalings(named, found);
  const taken = new Set(planned.map(({ weight }) => weight.name));
  const scaled = new ScaledInputs(found, drafts, taken);
  const grids = new OutputGrids(planned, drafts);

  const gone: NamedWeight[] = [];
  const uses: { graph: GraphId; nodeIndex: number; item: NamedWeight; encoded: EncodedParts }[] =
    [];
  for (const item of planned) {
    const encoded = encodeParts(item, drafts);
    drafts.removeConstant(item.weight);
    const isValue = item.parts.length === 1 && encoded[0]?.kind === 'value';
    if (isValue && !scaled.isMultiplied(item.weight.name)) continue;
    if (!isValue) gone.push(item);
    for (const { graph, nodeIndex } of item.weight.uses) {
      uses.push({ graph, nodeIndex, item, encoded });
    }
  }
  // In node order, so that the first consumer of an activation carries what others share.
  uses.sort((a, b) => a.nodeIndex - b.nodeIndex);
  for (const { graph, nodeIndex, item, encoded } of uses) {
    const place = { graph, nodeIndex, drafts, scaled, grids };
    drafts.replaceNode(graph, nodeIndex, replaced(item, encoded, place));
  }
  removeViews(model, gone, drafts);
  const wanted = grids.wanted(weights);
  return { planned, names, grids: wanted, scalings: scaled.planned, edit: drafts.edit() };
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

interface UsePlace {
  readonly graph: GraphId;
  readonly nodeIndex: number;
  readonly drafts: GraphDrafts;
  readonly scaled: ScaledInputs;
  readonly grids: OutputGrids;
}

function replaced(
  { weight, parts, view, factorize, residual }: NamedWeight,
  encoded: EncodedParts,
  { graph, nodeIndex, drafts, scaled, grids }: UsePlace,
): readonly NodeSpec[] {
  const context = drafts.contextOf(graph);
  const node = context.graph.nodes[nodeIndex];
  assert(node, `graph ${graph} has a node ${nodeIndex}`);
  if (parts.length === 1 && encoded[0]?.kind === 'value') {
    const { input, nodes } = scaled.of(weight.name, inputOf(node, 0));
    return [...nodes, readingInstead(node, input)];
  }
  const lowered = lower(node, view.N, context);
  const { input, nodes: scale } = scaled.of(weight.name, lowered.site.input);
  const { before, after } = lowered;
  const output = grids.of(nodeIndex, lowered.site.output);
  const site: Site = {
    ...lowered.site,
    ...{ input, output: output.raw },
    ...(input !== lowered.site.input && { seen: lowered.site.input }),
  };
  const rank = (residual?.spec ?? factorize)?.rank ?? view.K;
  const { sites, sum } =
    parts.length === 1
      ? { sites: [site], sum: [] }
      : residual
        ? splitUse(site, rank, context)
        : { sites: splitSite(site, rank, context, factorize?.split), sum: [] };
  const products = sites.flatMap((own, at): readonly NodeSpec[] => {
    const [part, code] = [parts[at], encoded[at]];
    assert(part && code, 'a site for each part');
    if (code.kind === 'operator') return code.replace(own, context);
    return plain(own, part, drafts, graph);
  });
  return [...before, ...scale, ...products, ...sum, ...output.nodes, ...after];
}

/** The operator as it was, on another input. */
const readingInstead = (node: Node, input: string): NodeSpec => ({
  ...{ op: node.op, domain: '', name: node.name, outputs: node.outputs },
  ...{ inputs: [input, ...node.inputs.slice(1)], attributes: attributesOf(node) },
});

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
