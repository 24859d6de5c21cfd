/**
 * Where a model has something for each token: rows of tables that ids are looked up in, and columns
 * of what gives each token a logit. Found from the graph: what ids go to, and what logits come from.
 */
import { intOf } from '../../encoders/lower.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { CARRIES_IDS } from '../../model/carries-ids.ts';
import { MAIN_GRAPH } from '../../model/graphs.ts';
import type { Node } from '../../model/model.ts';
import type { Weight } from '../../model/weight.ts';
import { ValueReaders } from '../value-readers.ts';

/** A constant with one slice a token. */
export interface TokenSlices {
  readonly weight: Weight;
  /** Of the stored tensor. */
  readonly axis: number;
}

export interface VocabularyAxes {
  readonly slices: readonly TokenSlices[];
  /** Values whose last axis are the tokens, from the product of the head to the output. */
  readonly logits: readonly string[];
}

export type Refusal = { readonly refused: string };

/** An input of a node that has something for each token: which of its axes, by its rank. */
type Places = ReadonlyMap<string, (rank: number) => number>;

const placeOf = (nodeIndex: number, inputIndex: number): string => `${nodeIndex}:${inputIndex}`;

/**
 * - `idsInput` — the graph input that takes token ids
 * - `tokensOutput` — the graph output with a logit a token; null where answers are no tokens
 */
export function vocabularyAxes(
  model: OnnxModel,
  weights: readonly Weight[],
  idsInput: string,
  tokensOutput: string | null,
): VocabularyAxes | Refusal {
  const lookups = lookupsOf(model, idsInput);
  if ('refused' in lookups) return lookups;
  const head = tokensOutput === null ? NO_HEAD : headOf(model, tokensOutput);
  if ('refused' in head) return head;
  const places: Places = new Map([...lookups.places, ...head.places]);
  const slices: TokenSlices[] = [];
  const found = new Set<string>();
  for (const weight of weights) {
    const own = tokenSlicesOf(weight, places);
    if (!own) continue;
    if ('refused' in own) return own;
    slices.push(own);
    for (const { nodeIndex, inputIndex } of weight.uses) found.add(placeOf(nodeIndex, inputIndex));
  }
  const missing = (wanted: Places) => [...wanted.keys()].some((place) => !found.has(place));
  if (lookups.places.size === 0 || missing(lookups.places)) {
    return { refused: 'The token ids are looked up in no table of weights' };
  }
  if (missing(head.places)) return { refused: `${tokensOutput} is ${NO_PRODUCT}` };
  return { slices, logits: head.values };
}

const NO_PRODUCT = 'no product with a table of weights';

/** null for a constant that has nothing to do with tokens. */
function tokenSlicesOf(weight: Weight, places: Places): TokenSlices | Refusal | null {
  const { label, uses, isGraphInput, isGraphOutput, tensor } = weight;
  const axes = uses.map(({ graph, nodeIndex, inputIndex, permutation }) => {
    const place = graph === MAIN_GRAPH ? places.get(placeOf(nodeIndex, inputIndex)) : undefined;
    const seen = place?.(tensor.dims.length);
    return seen === undefined ? null : (permutation?.[seen] ?? seen);
  });
  const axis = axes.find((it) => it !== null);
  if (axis === undefined || axis === null) return null;
  const other = uses.find((_, index) => axes[index] !== axis);
  if (other) return { refused: `${label} is also used by ${other.op}: its rows stay` };
  if (isGraphInput || isGraphOutput) return { refused: `${label} can be seen from outside` };
  if (tensor.payload.kind === 'sparse') return { refused: `${label} is stored sparse` };
  return { weight, axis };
}

/** Operators whose output holds only how many ids there are. */
const COUNTS: ReadonlySet<string> = new Set(['Shape', 'Size']);

/** Tables that ids are looked up in; why there are none to go by, if ids are used otherwise. */
function lookupsOf({ graph }: OnnxModel, idsInput: string): { readonly places: Places } | Refusal {
  const ids = new Set([idsInput]);
  const places = new Map<string, () => number>();
  for (const node of graph.nodes) {
    const [first = ''] = node.inputs;
    if (usesInBody(node, ids)) return { refused: `${node.op} reads the token ids in its body` };
    if (!node.inputs.some((input) => ids.has(input))) continue;
    if (COUNTS.has(node.op)) continue;
    if (CARRIES_IDS.has(node.op) && ids.has(first)) {
      for (const output of node.outputs) ids.add(output);
    } else if (node.op === 'Gather' && !ids.has(first) && intOf(node, 'axis', 0) === 0) {
      places.set(placeOf(node.index, 0), () => 0);
    } else {
      return { refused: `${node.op} reads the token ids themselves, which are others then` };
    }
  }
  if (graph.outputs.some(({ name }) => ids.has(name))) {
    return { refused: 'The model gives the token ids back' };
  }
  return { places };
}

interface Head {
  readonly places: Places;
  readonly values: readonly string[];
}

const NO_HEAD: Head = { places: new Map(), values: [] };

/** Of one value, element by element: capped, or stored otherwise. */
const ELEMENTWISE: ReadonlySet<string> = new Set(['Identity', 'Cast', 'Tanh']);
/** Of a value and a constant. */
const WITH_CONSTANT: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div']);
const LAST = (rank: number): number => rank - 1;

/** Back from the logits to the product that makes them. */
function headOf({ graph }: OnnxModel, tokensOutput: string): Head | Refusal {
  const readers = new ValueReaders(graph);
  const places = new Map<string, (rank: number) => number>();
  const values: string[] = [];
  /** What is added to each logit, or the same to all of them. */
  const addConstant = (node: Node, inputIndex: number): boolean => {
    const dims = graph.tensors.get(node.inputs[inputIndex] ?? '')?.dims;
    if (dims && (dims.at(-1) ?? 1) !== 1) places.set(placeOf(node.index, inputIndex), LAST);
    return dims !== undefined;
  };
  const way = new Set<number>();
  for (let value = tokensOutput; ; ) {
    const node = readers.producerOf(value);
    if (!node) return { refused: `${tokensOutput} is ${NO_PRODUCT}` };
    const reader = readers.otherReaderOf(value, way);
    if (reader) return { refused: `${reader.op} reads the logits, whose columns stay` };
    values.push(value);
    way.add(node.index);
    const [first = '', second = '', third = ''] = node.inputs;
    if (node.op === 'MatMul' || node.op === 'Gemm') {
      const turned = node.op === 'Gemm' && intOf(node, 'transB', 0) === 1;
      places.set(placeOf(node.index, 1), turned ? () => 0 : LAST);
      const added = third === '' || addConstant(node, 2);
      return added ? { places, values } : { refused: `${tokensOutput} is ${NO_PRODUCT}` };
    }
    const takesTwo = WITH_CONSTANT.has(node.op);
    if (!takesTwo && !ELEMENTWISE.has(node.op)) {
      return { refused: `${node.op} makes ${tokensOutput}, whose columns it may mix` };
    }
    if (takesTwo && !addConstant(node, 0) && !addConstant(node, 1)) {
      return { refused: `${node.op} makes ${tokensOutput} of two values` };
    }
    value = takesTwo && graph.tensors.has(first) ? second : first;
  }
}

const usesInBody = ({ subgraphs }: Node, ids: ReadonlySet<string>): boolean =>
  subgraphs.some(({ nodes }) =>
    nodes.some((node) => node.inputs.some((input) => ids.has(input)) || usesInBody(node, ids)),
  );
