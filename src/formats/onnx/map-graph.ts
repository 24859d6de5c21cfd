import { readEntries } from './entries.ts';
import { delimited, type Fields, textOf } from './fields.ts';
import type { GraphWire, Span } from './onnx-model.ts';
import type { OrderedGraph } from './order-graph.ts';
import type { WireField } from './wire-tree.ts';

export interface MappedGraph {
  readonly wire: GraphWire;
  /** Fields of the nodes in the order of the file. */
  readonly nodeFields: readonly WireField[];
}

type Names = (fields: Fields) => readonly string[];

/** @param occurrences the fields that hold the graph, in the frames of the same position */
export function mapGraph(
  kind: GraphWire['kind'],
  occurrences: Fields,
  frames: readonly number[],
  { order, isSorted }: OrderedGraph,
): MappedGraph {
  const spans = (number: number): { readonly field: WireField; readonly span: Span }[] =>
    occurrences.flatMap((graph, at) =>
      delimited(graph.fields!, number).map((field) => ({
        field,
        span: { frame: frames[at]!, start: field.start, end: field.end },
      })),
    );
  const byName = (...sources: readonly (readonly [number, Names])[]) => {
    const map = new Map<string, Span[]>();
    for (const [number, namesOf] of sources) {
      for (const { field, span } of spans(number)) {
        for (const name of namesOf(field.fields!)) {
          const known = map.get(name);
          if (known) known.push(span);
          else map.set(name, [span]);
        }
      }
    }
    return map;
  };
  const isFunction = kind === 'function';
  const nodes = spans(isFunction ? 7 : 1);
  const wire: GraphWire = {
    kind,
    frames,
    nodes: order.map((position) => nodes[position]!.span),
    isSorted,
    initializers: isFunction ? new Map() : byName([5, tensorName], [15, sparseName]),
    inputs: isFunction ? new Map() : byName([11, ownName]),
    outputs: isFunction ? new Map() : byName([12, ownName]),
    valueInfos: byName([isFunction ? 12 : 13, ownName]),
    annotations: isFunction ? new Map() : byName([14, annotatedNames]),
  };
  return { wire, nodeFields: nodes.map(({ field }) => field) };
}

const ownName: Names = (fields) => [textOf(fields, 1) ?? ''];
const tensorName: Names = (fields) => [textOf(fields, 8) ?? ''];
const sparseName: Names = (fields) => [
  delimited(fields, 1)
    .map(({ fields: values }) => textOf(values!, 8))
    .findLast((name) => name !== undefined) ?? '',
];
const annotatedNames: Names = (fields) => [
  textOf(fields, 1) ?? '',
  ...readEntries(fields, 2).values(),
];
