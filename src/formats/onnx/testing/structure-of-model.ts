/** What Whittle read of a model, as plain data to compare with `structure-of-proto.ts`. */
import { StudioError } from '../../../core/studio-error.ts';
import { bodyId, functionId, type GraphId, MAIN_GRAPH } from '../../../model/graphs.ts';
import type { Attribute, Graph, Tensor, ValueInfo } from '../../../model/model.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { readTensor } from '../read-tensor.ts';
import { encodeText } from '../text.ts';
import { ANY } from './first-difference.ts';

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
/** Bytes that are not UTF-8 as other decoders show them. */
const text = (value: string): string => lenient.decode(encodeText(value));
const texts = (values: readonly string[]): string[] => values.map(text);

const entries = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
  new Map([...map].map(([key, value]) => [text(key), value]));

export async function structureOfModel(model: OnnxModel) {
  const { irVersion, producer, opsets, metadata, graph, functions } = model;
  return {
    irVersion,
    producer: text(producer),
    opsets: entries(opsets),
    metadata: new Map([...metadata].map(([key, value]) => [text(key), text(value)])),
    graph: await graphStructure(model, MAIN_GRAPH, graph),
    functions: await Promise.all(
      functions.map(async ({ name, domain, opsets: own, body }, index) => ({
        ...{ name: text(name), domain: text(domain), opsets: entries(own) },
        body: await graphStructure(model, functionId(index), body),
      })),
    ),
  };
}

async function graphStructure(model: OnnxModel, id: GraphId, graph: Graph): Promise<object> {
  const spans = model.wire.graphs.get(id)?.nodes ?? [];
  const inFileOrder = [...graph.nodes].sort(
    (a, b) => (spans[a.index]?.start ?? 0) - (spans[b.index]?.start ?? 0),
  );
  const nodes = [];
  for (const { index, name, op, domain, inputs, outputs, attributes, subgraphs } of inFileOrder) {
    const bodies = subgraphs.map((body, at) => graphStructure(model, bodyId(id, index, at), body));
    nodes.push({
      ...{ name: text(name), op: text(op), domain: text(domain) },
      ...{ inputs: texts(inputs), outputs: texts(outputs) },
      attributes: new Map([...attributes].map(([key, value]) => [text(key), attribute(value)])),
      bodies: await Promise.all(bodies),
    });
  }
  const tensors = new Map<string, object>();
  for (const [name, tensor] of graph.tensors) {
    tensors.set(text(name), await tensorStructure(model, tensor));
  }
  return {
    ...{ name: text(graph.name), nodes, tensors },
    inputs: graph.inputs.map(valueInfo),
    outputs: graph.outputs.map(valueInfo),
    overridable: texts([...graph.overridable]).sort(),
  };
}

function attribute(value: Attribute): object {
  if (value.kind === 'tensor') return { kind: 'other' };
  if (value.kind === 'string') return { kind: value.kind, value: text(value.value) };
  if (value.kind === 'strings') return { kind: value.kind, values: texts(value.values) };
  return value;
}

const valueInfo = ({ name, dtype, dims }: ValueInfo) => ({
  ...{ name: text(name), dtype },
  dims: dims?.map((dim) => (typeof dim === 'string' ? text(dim) : dim)) ?? null,
});

async function tensorStructure(model: OnnxModel, tensor: Tensor): Promise<object> {
  const { dtype, dims, payload } = tensor;
  if (payload.kind !== 'sparse') return { dtype, dims, values: await valuesOf(model, tensor) };
  return {
    ...{ dtype, dims },
    sparse: await tensorStructure(model, payload.values),
    indices: await tensorStructure(model, payload.indices),
  };
}

/** Any value where Whittle says that it cannot read it. */
async function valuesOf(model: OnnxModel, tensor: Tensor): Promise<Uint8Array | symbol> {
  if (tensor.dtype === 'string') return ANY;
  try {
    return await readTensor(model, tensor);
  } catch (error) {
    if (error instanceof StudioError) return ANY;
    throw error;
  }
}
