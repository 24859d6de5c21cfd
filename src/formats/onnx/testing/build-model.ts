/** A small encoder of whole models, for tests that need a graph no golden file has. */
import type { NodeSpec, TensorSpec } from '../../../model/edit.ts';
import type { SourceFile } from '../../../model/model.ts';
import {
  type Bytes,
  bytesField,
  concatBytes,
  encodeNode,
  encodeOpset,
  encodeTensorHeader,
  encodeValueInfo,
  textField,
  varintField,
} from '../encode.ts';

export interface GraphSpec {
  readonly nodes: readonly NodeSpec[];
  /** With `bytes`. */
  readonly initializers: readonly TensorSpec[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Encoded fields to append to the graph. */
  readonly extra?: readonly Bytes[];
}

export interface ModelSpec extends GraphSpec {
  readonly irVersion?: number;
  readonly opsets?: ReadonlyMap<string, number>;
  /** Encoded fields to append to the model. */
  readonly modelExtra?: readonly Bytes[];
}

/** ModelProto; values are float32 of shape [N]. */
export function buildModel(spec: ModelSpec): Bytes {
  const { irVersion = 8, opsets = new Map([['', 17]]), modelExtra = [] } = spec;
  return concatBytes([
    varintField(1, irVersion),
    bytesField(7, buildGraph(spec)),
    ...[...opsets].map(([domain, version]) => bytesField(8, encodeOpset(domain, version))),
    ...modelExtra,
  ]);
}

/** GraphProto. */
export const buildGraph = (spec: GraphSpec): Bytes =>
  concatBytes([
    ...spec.nodes.map((node) => bytesField(1, encodeNode(node))),
    textField(2, 'graph'),
    ...spec.initializers.map((tensor) => bytesField(5, buildTensor(tensor))),
    ...spec.inputs.map((name) => bytesField(11, encodeValueInfo(name, 'float32', ['N']))),
    ...spec.outputs.map((name) => bytesField(12, encodeValueInfo(name, 'float32', ['N']))),
    ...(spec.extra ?? []),
  ]);

/** TensorProto with raw data. */
export const buildTensor = (tensor: TensorSpec): Bytes =>
  concatBytes([encodeTensorHeader(tensor).header, tensor.bytes ?? new Uint8Array(0)]);

export const buildNode = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  rest: Partial<NodeSpec> = {},
): NodeSpec => ({ op, domain: '', name: '', inputs, outputs, attributes: {}, ...rest });

export const floatTensor = (
  name: string,
  dims: readonly number[],
  values: readonly number[],
): TensorSpec => ({
  name,
  dtype: 'float32',
  dims,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

export const asFiles = (bytes: Bytes, path = 'model.onnx'): SourceFile[] => [
  { path, blob: new Blob([bytes]) },
];
