/** The graph with its new widths: tensors, literals and attributes that state them. */
import { assert } from '../../core/assert.ts';
import { byteLengthOf } from '../../core/dtype.ts';
import { elementCount } from '../../core/shape.ts';
import { toAttributeValue } from '../../model/attribute-value.ts';
import type { NodeSpec, TensorSpec } from '../../model/edit.ts';
import type { Attribute, Graph, Node, Tensor } from '../../model/model.ts';
import type { Analysis } from '../../shapes/analysis.ts';
import { numberOfSize } from '../../shapes/size.ts';
import type { CutTensor, StructureEdit } from './structure.ts';

/** Class of tied axes → its new width, where that changes. */
export type NewWidths = ReadonlyMap<number, number>;

export interface ReshapedGraph {
  readonly graph: Graph;
  readonly edit: StructureEdit;
}

/** @param file index of the file that will hold the payloads of cut tensors */
export function reshapeGraph(
  graph: Graph,
  analysis: Analysis,
  widths: NewWidths,
  tensors: ReadonlyMap<string, CutTensor>,
  file: number,
  unique: (base: string) => string,
): ReshapedGraph {
  const nodes = new Map<number, Node>();
  const added = editSizes(graph, analysis, widths, nodes, unique);
  editAttributes(graph, analysis, widths, nodes);
  const made = new Map(graph.tensors);
  let start = 0;
  for (const [name, { tensor, dims }] of tensors) {
    const end = start + byteLengthOf(tensor.dtype, elementCount(dims));
    const payload = { kind: 'raw' as const, range: { file, start, end } };
    made.set(name, { ...tensor, dims, byteLength: end - start, payload });
    start = end;
  }
  for (const spec of added) made.set(spec.name, tensorOf(spec));
  return {
    graph: { ...graph, tensors: made, nodes: graph.nodes.map((it) => nodes.get(it.index) ?? it) },
    edit: {
      nodes: new Map([...nodes].map(([index, node]) => [index, specOf(node)])),
      constantNodes: constantNodes(graph, tensors),
      added,
      reshapedValues: reshapedValues(graph, analysis, widths),
    },
  };
}

const widthOf = (widths: NewWidths, analysis: Analysis, axis: number) =>
  widths.get(analysis.ties.root(axis));

function editSizes(
  graph: Graph,
  analysis: Analysis,
  widths: NewWidths,
  nodes: Map<number, Node>,
  unique: (base: string) => string,
): TensorSpec[] {
  const added: TensorSpec[] = [];
  const lists = new Map<string, { node: number; input: number; values: number[] }>();
  for (const { node: index, input, element, axis } of analysis.sizeEdits) {
    const width = widthOf(widths, analysis, axis);
    if (width === undefined) continue;
    const key = `${index}/${input}`;
    const name = graph.nodes[index]?.inputs[input] ?? '';
    const sizes = analysis.facts(name).sizes?.map((size) => numberOfSize(size) ?? -1) ?? [];
    const list = lists.get(key) ?? { node: index, input, values: sizes };
    list.values[element] = width;
    lists.set(key, list);
  }
  for (const { node: index, input, values } of lists.values()) {
    const node = nodes.get(index) ?? graph.nodes[index];
    assert(node, `the graph has a node ${index}`);
    const before = node.inputs[input] ?? '';
    const name = unique(`${before}_cut`);
    const isShort = graph.tensors.get(before)?.dtype === 'int32';
    const bytes = isShort ? Int32Array.from(values) : BigInt64Array.from(values, BigInt);
    const dtype = isShort ? 'int32' : 'int64';
    added.push({ name, dtype, dims: [values.length], bytes: new Uint8Array(bytes.buffer) });
    const inputs = node.inputs.map((it, at) => (at === input ? name : it));
    nodes.set(index, { ...node, inputs });
  }
  return added;
}

function editAttributes(
  graph: Graph,
  analysis: Analysis,
  widths: NewWidths,
  nodes: Map<number, Node>,
): void {
  for (const { node: index, name, element, axis } of analysis.attributeEdits) {
    const width = widthOf(widths, analysis, axis);
    const node = nodes.get(index) ?? graph.nodes[index];
    const before = node?.attributes.get(name);
    if (width === undefined || !node || !before) continue;
    const made = withLength(before, element, width);
    nodes.set(index, { ...node, attributes: new Map([...node.attributes, [name, made]]) });
  }
}

function withLength(before: Attribute, element: number | null, width: number): Attribute {
  if (before.kind === 'int') return { kind: 'int', value: width };
  assert(before.kind === 'ints', 'lengths are integers');
  return { kind: 'ints', values: before.values.map((it, at) => (at === element ? width : it)) };
}

function tensorOf({ name, dtype, dims, bytes }: TensorSpec): Tensor {
  assert(bytes, `${name} is known`);
  const ints =
    dtype === 'int32'
      ? [...new Int32Array(bytes.buffer)]
      : [...new BigInt64Array(bytes.buffer)].map(Number);
  const { byteLength } = bytes;
  const payload = { kind: 'inline' as const, bytes };
  const place = 'initializer' as const;
  return { name, dtype, dims, byteLength, storedByteLength: byteLength, payload, ints, place };
}

function specOf({ op, domain, name, inputs, outputs, attributes }: Node): NodeSpec {
  assert(domain === '', `${op} is of the default domain`);
  const values = [...attributes].map(([key, attribute]) => {
    const value = toAttributeValue(attribute);
    assert(value, `${key} of ${op} can be written again`);
    return [key, value] as const;
  });
  return { op, domain, name, inputs, outputs, attributes: Object.fromEntries(values) };
}

function constantNodes(
  graph: Graph,
  tensors: ReadonlyMap<string, CutTensor>,
): ReadonlyMap<string, number> {
  const inNodes = new Set(
    [...tensors].flatMap(([name, { tensor }]) => (tensor.place === 'constant-node' ? [name] : [])),
  );
  return new Map(
    graph.nodes.flatMap(({ op, outputs, index }) =>
      op === 'Constant' && inNodes.has(outputs[0] ?? '')
        ? [[outputs[0] ?? '', index] as const]
        : [],
    ),
  );
}

function reshapedValues(graph: Graph, analysis: Analysis, widths: NewWidths): ReadonlySet<string> {
  const classes = analysis.ties.classes();
  const names = [...widths.keys()].flatMap(
    (id) => classes.get(id)?.map(({ value }) => value) ?? [],
  );
  return new Set(names.filter((name) => !graph.tensors.has(name)));
}
