/**
 * Outputs of static 8-bit convolutions on grids of their own, after the Relu that follows: so that
 * a runtime fuses the convolution, and what reads the output reads 8 bits.
 */
import type { EncodeContext, WantedBias, WantedRange } from '../encoders/encode-context.ts';
import { attributesOf } from '../encoders/lower.ts';
import { gridNodes } from '../encoders/static-int8.ts';
import type { NodeSpec } from '../model/edit.ts';
import { MAIN_GRAPH } from '../model/graphs.ts';
import type { Weight } from '../model/weight.ts';
import type { GraphDrafts } from './graph-drafts.ts';
import type { PlannedWeight } from './planned-weight.ts';
import { constantsByValue } from './scaling/constants-by-value.ts';
import { ValueReaders } from './value-readers.ts';

/** What a run must find out before it can write a plan's grids. */
export interface WantedGrids {
  readonly ranges: readonly WantedRange[];
  readonly biases: readonly WantedBias[];
}

interface OwnOutput {
  /** What the convolution gives in place of its output. */
  readonly raw: string;
  readonly nodes: readonly NodeSpec[];
}

export class OutputGrids {
  readonly #context: EncodeContext | null = null;
  readonly #drafts: GraphDrafts;
  /** Of convolutions that nothing follows that could come before the grid, by node. */
  readonly #own = new Map<number, OwnOutput>();

  constructor(
    planned: readonly Pick<PlannedWeight, 'weight' | 'view' | 'parts'>[],
    drafts: GraphDrafts,
  ) {
    this.#drafts = drafts;
    const items = planned.filter(({ parts: [part] }) => part?.choice.encoding === 'static-int8');
    if (items.length === 0) return;
    const context = drafts.contextOf(MAIN_GRAPH);
    this.#context = context;
    const readers = new ValueReaders(context.graph);
    for (const { weight, view, parts } of items) {
      const [part] = parts;
      const activation = part?.choice.kind === 'quantized' ? part.choice.activation : undefined;
      if (view.operator !== 'Conv' || !activation || activation.signed) continue;
      for (const { nodeIndex } of weight.uses) {
        const output = context.graph.nodes[nodeIndex]?.outputs[0];
        if (!output) continue;
        const reader = readers.onlyReaderOf(output);
        const isRelu = reader?.op === 'Relu' && reader.domain === '';
        const value = (isRelu && reader.outputs[0]) || output;
        const range = context.rangeOf(value, value, activation);
        context.onGrid.set(value, range);
        const raw = context.unique(`${value}_float`);
        const nodes = gridNodes(raw, value, range, context);
        if (value === output) {
          this.#own.set(nodeIndex, { raw, nodes });
          continue;
        }
        if (!reader) continue;
        const { op, name, inputs, index } = reader;
        const attributes = attributesOf(reader);
        const relu: NodeSpec = { op, domain: '', name, inputs, outputs: [raw], attributes };
        drafts.replaceNode(MAIN_GRAPH, index, [relu, ...nodes]);
      }
    }
  }

  /** Of the node's own output: the name to give it, and the nodes that come after. */
  of(nodeIndex: number, output: string): OwnOutput {
    return this.#own.get(nodeIndex) ?? { raw: output, nodes: [] };
  }

  /** Once all nodes are in place; biases that nothing reads as floats any more go. */
  wanted(weights: readonly Weight[]): WantedGrids {
    if (!this.#context) return { ranges: [], biases: [] };
    const { graph, ranges, biases } = this.#context;
    const constantOf = constantsByValue(weights, MAIN_GRAPH, graph);
    for (const { bias } of biases) {
      const constant = constantOf(bias);
      const isOwn = constant?.uses.length === 1 && !constant.isGraphOutput;
      if (isOwn && !constant.isGraphInput) this.#drafts.removeConstant(constant);
    }
    return { ranges: [...ranges.values()], biases };
  }
}
