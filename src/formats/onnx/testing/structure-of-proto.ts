/**
 * What an independent implementation of protobuf decodes, in the form of `structure-of-model.ts`:
 * onnx-buf, generated from onnx.proto.
 */
import { type DescField, fromBinary, isFieldSet } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type FunctionProto,
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  type SparseTensorProto,
  type StringStringEntryProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { ANY } from './first-difference.ts';
import { dtypeName, type SideFiles, tensorOf } from './values-of-proto.ts';
import { parseMessage, type WireNode, writeMessage } from './wire-nodes.ts';

const LOADED = 64 * 1024; // bytes: longer strings and lists Whittle leaves in the file
const LONGEST_LIST = LOADED / 10;
/** Before it, every initializer was an input too. */
const FIRST_IR_WITH_OVERRIDES = 4;

const encoder = new TextEncoder();
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const short = (text: string): boolean =>
  text.length * 3 < LOADED || encoder.encode(text).length <= LOADED;
const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/** @throws whatever onnx-buf throws on bytes that are no ModelProto */
export function structureOfProto(bytes: Uint8Array, sides: SideFiles) {
  const model = fromBinary(ModelProtoSchema, withoutMistyped(bytes));
  if (!model.graph) throw new Error('there is no graph');
  const irVersion = Number(model.irVersion);
  const graph = graphStructure(model.graph, sides);
  return {
    irVersion,
    producer: [model.producerName, model.producerVersion]
      .map((part) => (short(part) ? part : ''))
      .join(' ')
      .trim(),
    opsets: opsetsOf(model.opsetImport),
    metadata: entriesOf(model.metadataProps),
    graph: irVersion < FIRST_IR_WITH_OVERRIDES ? { ...graph, overridable: [] } : graph,
    functions: model.functions.map((each) => functionStructure(each, sides)),
  };
}

/**
 * A field of another wire type than its own is an unknown field to protobuf; onnx-buf's runtime
 * reads it by its number alone, so such fields are taken out before.
 */
function withoutMistyped(bytes: Uint8Array): Uint8Array {
  let found = false;
  const kept = (nodes: readonly WireNode[]): WireNode[] =>
    nodes.flatMap((node) => {
      if (node.field && !isWellTyped(node.field, node.wireType)) {
        found = true;
        return [];
      }
      return [node.children ? { ...node, children: kept(node.children) } : node];
    });
  const nodes = kept(parseMessage(bytes, ModelProtoSchema));
  return found ? writeMessage(nodes) : bytes;
}

/** By the numbers of protobuf's scalar types: https://protobuf.dev/programming-guides/encoding. */
const FIXED64_TYPES = [1, 6, 16];
const FIXED32_TYPES = [2, 7, 15];
const DELIMITED_TYPES = [9, 12];

function isWellTyped({ message, scalar, fieldKind }: DescField, wireType: number): boolean {
  if (message || DELIMITED_TYPES.includes(scalar ?? 0)) return wireType === 2;
  if (fieldKind === 'list' && wireType === 2) return true;
  if (FIXED64_TYPES.includes(scalar ?? 0)) return wireType === 1;
  return FIXED32_TYPES.includes(scalar ?? 0) ? wireType === 5 : wireType === 0;
}

const opsetsOf = (imports: readonly { domain: string; version: bigint }[]) =>
  new Map(
    imports.map(({ domain, version }) => [short(domain) ? domainOf(domain) : '', Number(version)]),
  );

const entriesOf = (entries: readonly StringStringEntryProto[]) =>
  new Map(
    entries
      .filter(({ key, value }) => short(key) && short(value))
      .map(({ key, value }) => [key, value]),
  );

function functionStructure(each: FunctionProto, sides: SideFiles) {
  const { name, domain, opsetImport, input, output, node } = each;
  const unstated = (names: readonly string[]) =>
    names.map((value) => ({ name: value, dtype: null, dims: null }));
  const tensors = new Map<string, object>();
  return {
    ...{ name, domain, opsets: opsetsOf(opsetImport) },
    body: {
      ...{ name, nodes: node.map((inner) => nodeStructure(inner, tensors, sides)), tensors },
      ...{ inputs: unstated(input), outputs: unstated(output), overridable: [] },
    },
  };
}

function graphStructure(graph: GraphProto, sides: SideFiles) {
  const tensors = new Map<string, object>();
  for (const tensor of graph.initializer) tensors.set(tensor.name, tensorOf(tensor, sides));
  for (const tensor of graph.sparseInitializer) {
    tensors.set(tensor.values?.name ?? '', sparseOf(tensor, sides));
  }
  const initializers = new Set(tensors.keys());
  const nodes = graph.node.map((node) => nodeStructure(node, tensors, sides));
  const inputs = graph.input.map(valueInfo);
  const isInitializer = ({ name }: { name: string }) => initializers.has(name);
  return {
    ...{ name: short(graph.name) ? graph.name : '', nodes, tensors },
    inputs: inputs.filter((input) => !isInitializer(input)),
    outputs: graph.output.map(valueInfo),
    overridable: [...new Set(inputs.filter(isInitializer).map(({ name }) => name))].sort(),
  };
}

function nodeStructure(node: NodeProto, tensors: Map<string, object>, sides: SideFiles): object {
  const { name, opType: op, input: inputs, output: outputs } = node;
  const domain = domainOf(node.domain);
  if (op === 'Constant' && domain === '') {
    const constant = node.attribute.map((each) => constantOf(each, sides)).find((found) => found);
    if (constant) tensors.set(outputs[0] ?? '', constant);
  }
  return {
    ...{ name, op, domain, inputs, outputs },
    attributes: new Map(node.attribute.map((each) => [each.name, attribute(each)])),
    bodies: node.attribute.flatMap(({ g, graphs }) =>
      [...(g ? [g] : []), ...graphs].map((body) => graphStructure(body, sides)),
    ),
  };
}

const { field } = AttributeProtoSchema;

function attribute(value: AttributeProto): object | symbol {
  if (isFieldSet(value, field.refAttrName)) return { kind: 'other' };
  switch (value.type || presentType(value)) {
    case AttributeType.FLOAT:
      return { kind: 'float', value: value.f };
    case AttributeType.INT:
      return { kind: 'int', value: Number(value.i) };
    case AttributeType.STRING:
      if (value.s.length > LOADED) return ANY;
      return { kind: 'string', value: lenient.decode(value.s) };
    case AttributeType.FLOATS:
      return value.floats.length > LONGEST_LIST ? ANY : { kind: 'floats', values: value.floats };
    case AttributeType.INTS:
      if (value.ints.length > LONGEST_LIST) return ANY;
      return { kind: 'ints', values: value.ints.map(Number) };
    case AttributeType.STRINGS:
      if (value.strings.some(({ length }) => length > LOADED)) return ANY;
      return { kind: 'strings', values: value.strings.map((each) => lenient.decode(each)) };
    default:
      return { kind: 'other' };
  }
}

function presentType(value: AttributeProto): AttributeType {
  const types = [
    [field.f, AttributeType.FLOAT],
    [field.i, AttributeType.INT],
    [field.s, AttributeType.STRING],
    [field.floats, AttributeType.FLOATS],
    [field.ints, AttributeType.INTS],
    [field.strings, AttributeType.STRINGS],
  ] as const;
  const present = types.find(([each]) => isFieldSet(value, each));
  return present?.[1] ?? AttributeType.UNDEFINED;
}

function constantOf(value: AttributeProto, sides: SideFiles): object | null {
  if (isFieldSet(value, field.refAttrName)) return null;
  if (value.t) return tensorOf(value.t, sides);
  if (value.sparseTensor) return sparseOf(value.sparseTensor, sides);
  const inline = (dtype: string, dims: number[], elements: Float32Array | BigInt64Array) => ({
    ...{ dtype, dims },
    values: new Uint8Array(elements.buffer),
  });
  const ints = (values: readonly bigint[]) => BigInt64Array.from(values);
  switch (value.name) {
    case 'value_float':
      return inline('float32', [], Float32Array.of(value.f));
    case 'value_int':
      return inline('int64', [], ints([value.i]));
    case 'value_floats':
      return inline('float32', [value.floats.length], Float32Array.from(value.floats));
    case 'value_ints':
      return inline('int64', [value.ints.length], ints(value.ints));
    default:
      return null;
  }
}

const sparseOf = ({ values, indices, dims }: SparseTensorProto, sides: SideFiles): object => {
  if (!values || !indices) throw new Error('a sparse tensor lacks its values');
  const sparse = tensorOf(values, sides);
  return {
    ...{ dtype: sparse.dtype, dims: dims.map(Number), sparse },
    indices: tensorOf(indices, sides),
  };
};

function valueInfo({ name, type }: ValueInfoProto) {
  if (type?.value.case !== 'tensorType') return { name, dtype: null, dims: null };
  const { elemType, shape } = type.value.value;
  const dims = shape?.dim.map(({ value }) => {
    if (value.case === 'dimValue') return value.value < 0n ? null : Number(value.value);
    return value.case === 'dimParam' && short(value.value) ? value.value || null : null;
  });
  return { name, dtype: dtypeName(elemType), dims: dims ?? null };
}
