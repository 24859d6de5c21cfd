/** Goes through a graph once: shapes of values, tied axes, and what has to follow a cut. */
import type { Graph, Node } from '../model/model.ts';
import { readBy } from '../model/read-by.ts';
import { Analysis } from './analysis.ts';
import { convolution, pooling } from './operators/convolutions.ts';
import { ELEMENTWISE, elementwise } from './operators/elementwise.ts';
import { concat, gather, pad, slice, split } from './operators/parts.ts';
import { gemm, matMul } from './operators/products.ts';
import { expand, flatten, reshape, squeeze, transpose, unsqueeze } from './operators/reshaping.ts';
import { constantOfShape, range, shape } from './operators/sizes.ts';
import { channelNorm, layerNorm, overAxis, reduce, softmax } from './operators/statistics.ts';

type Rule = (node: Node, analysis: Analysis) => void;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[...ELEMENTWISE].map((op) => [op, elementwise] as const),
  ['MatMul', matMul],
  ['Gemm', gemm],
  ['Conv', convolution],
  ['ConvTranspose', convolution],
  ...['MaxPool', 'AveragePool', 'LpPool', 'GlobalAveragePool', 'GlobalMaxPool'].map(
    (op) => [op, pooling] as const,
  ),
  ['Transpose', transpose],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Expand', expand],
  ['Concat', concat],
  ['Split', split],
  ['Slice', slice],
  ['Gather', gather],
  ['Pad', pad],
  ['Softmax', softmax],
  ['LogSoftmax', softmax],
  ['LayerNormalization', layerNorm],
  ['RMSNormalization', layerNorm],
  ['SimplifiedLayerNormalization', layerNorm],
  ['BatchNormalization', channelNorm],
  ['InstanceNormalization', channelNorm],
  ['CumSum', overAxis],
  ['LpNormalization', overAxis],
  ...(
    'ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ' +
    'ReduceProd ReduceSum ReduceSumSquare'
  )
    .split(' ')
    .map((op) => [op, reduce] as const),
  ['Shape', shape],
  ['ConstantOfShape', constantOfShape],
  ['Range', range],
  ['Constant', () => {}],
]);

/**
 * @param graph the main graph of a model, nodes in order of execution
 * @param opset of the default domain
 */
export function analyze(graph: Graph, opset: number): Analysis {
  const analysis = new Analysis(graph, opset);
  for (const node of graph.nodes) {
    const rule = node.domain === '' && node.subgraphs.length === 0 ? RULES.get(node.op) : undefined;
    if (rule) rule(node, analysis);
    else unknown(node, analysis);
  }
  for (const { name } of graph.outputs) {
    for (const axis of analysis.axesOf(name)) {
      analysis.freeze(name, axis, name, 'is an output of the model');
    }
  }
  return analysis;
}

/** Bodies read values around them too. */
function unknown(node: Node, analysis: Analysis): void {
  for (const name of readBy(node)) {
    analysis.freezeAll(name, node, `is an operator that Whittle does not follow`);
  }
  for (const name of node.outputs) analysis.set(name, null);
}
