/** The few ONNX messages that edits add; scalars are written even where they are zero. */
import { assert } from '../../core/assert.ts';
import { byteLengthOf, type DType } from '../../core/dtype.ts';
import { elementCount } from '../../core/shape.ts';
import type { AttributeValue, NodeSpec, TensorSpec } from '../../model/edit.ts';
import { dataTypeOf } from './data-type.ts';
import type { ProtoWriter } from './proto-writer.ts';

const TENSOR_ATTRIBUTE = 4;

/** NodeProto. */
export function writeNode(writer: ProtoWriter, node: NodeSpec): void {
  for (const name of node.inputs) writer.textField(1, name);
  for (const name of node.outputs) writer.textField(2, name);
  if (node.name !== '') writer.textField(3, node.name);
  writer.textField(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, () => writeAttribute(writer, name, value));
  }
  if (node.domain !== '') writer.textField(7, node.domain);
}

function writeAttribute(writer: ProtoWriter, name: string, value: AttributeValue): void {
  writer.textField(1, name);
  if ('float' in value) {
    writer.floatField(2, value.float);
    writer.varintField(20, 1);
  } else if ('int' in value) {
    writer.varintField(3, value.int);
    writer.varintField(20, 2);
  } else if ('string' in value) {
    writer.textField(4, value.string);
    writer.varintField(20, 3);
  } else if ('floats' in value) {
    for (const float of value.floats) writer.floatField(7, float);
    writer.varintField(20, 6);
  } else if ('strings' in value) {
    for (const text of value.strings) writer.textField(9, text);
    writer.varintField(20, 8);
  } else {
    for (const int of value.ints) writer.varintField(8, int);
    writer.varintField(20, 7);
  }
}

/** Bytes that the raw payload of a new tensor takes. */
export function payloadLengthOf({ name, dtype, dims, bytes }: TensorSpec): number {
  const byteLength = byteLengthOf(dtype, elementCount(dims));
  if (dtype === 'string' || (bytes && bytes.length !== byteLength)) {
    assert(false, `${name} [${dims}] ${dtype} takes ${byteLength} bytes, not ${bytes?.length}`);
  }
  return byteLength;
}

/** TensorProto without the content of `raw_data`, which comes last. */
export function writeTensorHeader(writer: ProtoWriter, tensor: TensorSpec): void {
  writeTensorType(writer, tensor);
  writer.header(9, payloadLengthOf(tensor));
}

/** Where a side file has a payload; `location` is relative to the model's folder. */
export interface DataReference {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** TensorProto of a tensor whose payload is in a side file. */
export function writeExternalTensor(
  writer: ProtoWriter,
  tensor: TensorSpec,
  reference: DataReference,
): void {
  writeTensorType(writer, tensor);
  writeReference(writer, reference);
}

/** The fields of a TensorProto that point at a side file. */
export function writeReference(
  writer: ProtoWriter,
  { location, offset, length }: DataReference,
): void {
  for (const [key, value] of Object.entries({ location, offset, length })) {
    writer.message(13, () => {
      writer.textField(1, key);
      writer.textField(2, String(value));
    });
  }
  writer.varintField(14, 1);
}

function writeTensorType(writer: ProtoWriter, { dims, dtype, name }: TensorSpec): void {
  for (const dim of dims) writer.varintField(1, dim);
  writer.varintField(2, dataTypeOf(dtype));
  writer.textField(8, name);
}

/**
 * A Constant node without the tensor's payload, which comes last.
 * @param field number of a node in the message around it
 */
export function writeConstant(writer: ProtoWriter, field: number, tensor: TensorSpec): void {
  const byteLength = payloadLengthOf(tensor);
  const writeValue = () => {
    writer.textField(1, 'value');
    writer.varintField(20, TENSOR_ATTRIBUTE);
    writer.message(5, () => writeTensorHeader(writer, tensor), byteLength);
  };
  const write = () => {
    writer.textField(2, tensor.name);
    writer.textField(4, 'Constant');
    writer.message(5, writeValue, byteLength);
  };
  writer.message(field, write, byteLength);
}

/** ValueInfoProto of a tensor; a dimension that is null is left open. */
export function writeValueInfo(
  writer: ProtoWriter,
  name: string,
  dtype: DType,
  dims: readonly (number | string | null)[],
): void {
  writer.textField(1, name);
  writer.message(2, () =>
    writer.message(1, () => {
      writer.varintField(1, dataTypeOf(dtype));
      writer.message(2, () => {
        for (const dim of dims) writer.message(1, () => writeDim(writer, dim));
      });
    }),
  );
}

function writeDim(writer: ProtoWriter, dim: number | string | null): void {
  if (typeof dim === 'number') writer.varintField(1, dim);
  else if (dim !== null) writer.textField(2, dim);
}

/** OperatorSetIdProto. */
export function writeOpset(writer: ProtoWriter, domain: string, version: number): void {
  writer.textField(1, domain);
  writer.varintField(2, version);
}
