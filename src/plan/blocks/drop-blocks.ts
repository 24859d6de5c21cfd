/**
 * A model without some of its blocks. It is written and opened again, so that everything else is
 * planned on it as on any other.
 */
import { layoutOnnx } from '../../formats/onnx/layout.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { openOnnx } from '../../formats/onnx/open.ts';
import { writeOnnx } from '../../formats/onnx/write.ts';
import { toAttributeValue } from '../../model/attribute-value.ts';
import { type Edit, EMPTY_GRAPH_EDIT, type NodeSpec } from '../../model/edit.ts';
import { findWeights } from '../../model/find-weights.ts';
import { MAIN_GRAPH } from '../../model/graphs.ts';
import type { Node } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import { analyze } from '../../shapes/analyze.ts';
import {
  type Block,
  type Blocks,
  bypassesOf,
  findBlocks,
  goneTensors,
} from '../../shapes/blocks/blocks.ts';
import { type Bypasses, liveNodes, passed } from '../../shapes/blocks/live-nodes.ts';

export interface DroppedModel {
  readonly model: OnnxModel;
  readonly weights: readonly Weight[];
}

const blocksByModel = new WeakMap<OnnxModel, Blocks>();

/** Of the main graph; found once. */
export function blocksOf(model: OnnxModel): Blocks {
  let blocks = blocksByModel.get(model);
  if (!blocks) {
    blocks = findBlocks(model.graph, analyze(model.graph, model.opsets.get('') ?? 1));
    blocksByModel.set(model, blocks);
  }
  return blocks;
}

/** A slider goes through few counts of blocks. */
const MOST_KEPT = 8;
const made = new WeakMap<OnnxModel, Map<string, Promise<DroppedModel>>>();

/** The same object while the same blocks are dropped. @throws what opening a model throws */
export function dropBlocks(model: OnnxModel, dropped: readonly Block[]): Promise<DroppedModel> {
  const known = made.get(model) ?? new Map<string, Promise<DroppedModel>>();
  made.set(model, known);
  const key = dropped.map(({ index }) => index).join();
  let result = known.get(key);
  if (!result) {
    result = drop(model, dropped);
    result.catch(() => known.delete(key));
  }
  known.delete(key);
  known.set(key, result);
  for (const oldest of [...known.keys()].slice(0, -MOST_KEPT)) known.delete(oldest);
  return result;
}

async function drop(model: OnnxModel, dropped: readonly Block[]): Promise<DroppedModel> {
  const layout = layoutOnnx(model, dropEdit(model, dropped));
  const written = await openOnnx(writeOnnx(model, layout, new Map()));
  return { model: written, weights: findWeights(written) };
}

/** Who read the output of a dropped block reads its input; what nothing needs any more goes. */
export function dropEdit(model: OnnxModel, dropped: readonly Block[]): Edit {
  const { flow } = blocksOf(model);
  const { graph, maker } = flow;
  const bypasses = bypassesOf(dropped);
  const [before, after] = [liveNodes(flow, new Map()), liveNodes(flow, bypasses)];
  const replacedNodes = new Map<number, readonly NodeSpec[]>();
  for (const { index } of graph.nodes) {
    if (before.has(index) && !after.has(index)) replacedNodes.set(index, []);
  }
  const kept = new Set(graph.outputs.map(({ name }) => name).filter((name) => bypasses.has(name)));
  for (const node of graph.nodes) {
    const bypassed = after.has(node.index)
      ? [...(flow.reads[node.index] ?? [])].filter((name) => bypasses.has(name))
      : [];
    if (bypassed.length === 0) continue;
    const rewritten = readingInstead(node, bypasses);
    if (rewritten) replacedNodes.set(node.index, [rewritten]);
    else for (const name of bypassed) kept.add(name);
  }
  // Outputs of the model keep their names, and so does what only bodies read.
  for (const name of kept) {
    const node = maker.get(name);
    if (node) replacedNodes.set(node.index, [sameAs(passed(bypasses, name), name, node)]);
  }
  const gone = [...goneTensors(flow, before, after)];
  const removedTensors = gone.filter((name) => graph.tensors.get(name)?.place !== 'constant-node');
  const reshapedValues = graph.nodes.flatMap(({ index, outputs }) =>
    replacedNodes.get(index)?.length === 0 ? outputs : [],
  );
  const edit = {
    ...EMPTY_GRAPH_EDIT,
    ...{ replacedNodes, removedTensors: new Set(removedTensors) },
    reshapedValues: new Set(reshapedValues),
  };
  return { graphs: new Map([[MAIN_GRAPH, edit]]), opsets: new Map() };
}

/** null where a node cannot be written again, or reads a bypassed value in a body. */
function readingInstead(node: Node, bypasses: Bypasses): NodeSpec | null {
  const { op, domain, name, outputs, subgraphs } = node;
  if ((domain !== '' && domain !== 'com.microsoft') || subgraphs.length > 0) return null;
  const attributes: [string, NonNullable<ReturnType<typeof toAttributeValue>>][] = [];
  for (const [key, attribute] of node.attributes) {
    const value = toAttributeValue(attribute);
    if (!value) return null;
    attributes.push([key, value]);
  }
  const inputs = node.inputs.map((input) => passed(bypasses, input));
  return { op, domain, name, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

const sameAs = (input: string, output: string, { name }: Node): NodeSpec => ({
  ...{ op: 'Identity', domain: '', name, inputs: [input], outputs: [output], attributes: {} },
});
