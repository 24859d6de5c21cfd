/** Whole models and odd messages, for tests that need a graph no golden file has. */
import type { NodeSpec, TensorSpec } from '../../../model/edit.ts';
import type { SourceFile } from '../../../model/model.ts';
import { writeNode, writeOpset, writeTensorHeader, writeValueInfo } from '../encode.ts';
import { type Bytes, encode } from '../proto-writer.ts';

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
export const buildModel = (spec: ModelSpec): Bytes =>
  encode((writer) => {
    const { irVersion = 8, opsets = new Map([['', 17]]), modelExtra = [] } = spec;
    writer.varintField(1, irVersion);
    writer.bytesField(7, buildGraph(spec));
    for (const [domain, version] of opsets) {
      writer.message(8, () => writeOpset(writer, domain, version));
    }
    for (const field of modelExtra) writer.raw(field);
  });

/** GraphProto. */
export const buildGraph = (spec: GraphSpec): Bytes =>
  encode((writer) => {
    for (const node of spec.nodes) writer.message(1, () => writeNode(writer, node));
    writer.textField(2, 'graph');
    for (const tensor of spec.initializers) writer.bytesField(5, buildTensor(tensor));
    for (const name of spec.inputs) {
      writer.message(11, () => writeValueInfo(writer, name, 'float32', ['N']));
    }
    for (const name of spec.outputs) {
      writer.message(12, () => writeValueInfo(writer, name, 'float32', ['N']));
    }
    for (const field of spec.extra ?? []) writer.raw(field);
  });

/** TensorProto with raw data. */
export const buildTensor = (tensor: TensorSpec): Bytes =>
  encode((writer) => {
    writeTensorHeader(writer, tensor);
    writer.raw(tensor.bytes ?? new Uint8Array(0));
  });

export const buildValueInfo = (name: string, dims: readonly number[]): Bytes =>
  encode((writer) => writeValueInfo(writer, name, 'float32', dims));

/** A message from pairs of field number and value: number, text or encoded message. */
export const buildMessage = (
  ...fields: readonly (readonly [number, number | string | Bytes])[]
): Bytes =>
  encode((writer) => {
    for (const [number, value] of fields) {
      if (typeof value === 'number') writer.varintField(number, value);
      else if (typeof value === 'string') writer.textField(number, value);
      else writer.bytesField(number, value);
    }
  });

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
