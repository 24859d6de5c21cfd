/** Builds small graphs as old opsets had them. */
import type { DType } from '../../../../core/dtype.ts';
import type { AttributeValue, NodeSpec, TensorSpec } from '../../../../model/edit.ts';
import { writeValueInfo } from '../../encode.ts';
import { type Bytes, encode } from '../../proto-writer.ts';
import { buildModel, buildNode, floatTensor } from '../../testing/build-model.ts';

/** A graph's input or output; dims that are names are 3 when it runs. */
export type Value = readonly [name: string, dtype: DType, dims: readonly (number | string)[]];

export interface OldGraph {
  readonly opset: number;
  readonly nodes: readonly NodeSpec[];
  readonly inputs?: readonly Value[];
  readonly outputs?: readonly Value[];
  readonly tensors?: readonly TensorSpec[];
  /** Encoded fields to append to the graph. */
  readonly extra?: readonly Bytes[];
}

export const X: Value = ['x', 'float32', [2, 4, 6, 6]];

/** An output of a rank. */
export const out = (rank: number, name = 'y', dtype: DType = 'float32'): Value => [
  name,
  dtype,
  Array.from({ length: rank }, (_, axis) => `${name}_${axis}`),
];

const irOf = (opset: number): number => (opset < 9 ? 3 : opset < 15 ? 6 : 8);

export const valueField = (field: number, [name, dtype, dims]: Value): Bytes =>
  encode((writer) => writer.message(field, () => writeValueInfo(writer, name, dtype, dims)));

/** One output `y` of rank 4 unless others are given. */
export function buildOld({
  opset,
  nodes,
  inputs = [X],
  outputs = [out(4)],
  tensors = [],
  extra = [],
}: OldGraph): Bytes {
  const irVersion = irOf(opset);
  const listed = irVersion < 4 ? tensors : [];
  return buildModel({
    nodes,
    initializers: tensors,
    inputs: [],
    outputs: [],
    irVersion,
    opsets: new Map([['', opset]]),
    extra: [
      ...inputs.map((input) => valueField(11, input)),
      ...listed.map(({ name, dtype, dims }) => valueField(11, [name, dtype, dims])),
      ...outputs.map((output) => valueField(12, output)),
      ...extra,
    ],
  });
}

export const random = (name: string, ...dims: number[]): TensorSpec =>
  floatTensor(
    name,
    dims,
    Array.from(
      { length: dims.reduce((a, b) => a * b, 1) },
      (_, at) => Math.sin(at * 1.7 + name.length) / 2,
    ),
  );
export const int64 = (
  name: string,
  dims: readonly number[],
  values: readonly number[],
): TensorSpec => ({
  ...{ name, dtype: 'int64', dims },
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

type Attributes = Readonly<Record<string, AttributeValue>>;
export const ints = (...values: number[]): AttributeValue => ({ ints: values });
export const int = (value: number): AttributeValue => ({ int: value });
export const float = (value: number): AttributeValue => ({ float: value });
export const text = (value: string): AttributeValue => ({ string: value });
export const op = (
  name: string,
  attributes: Attributes = {},
  inputs: readonly string[] = ['x'],
  outputs: readonly string[] = ['y'],
) => buildNode(name, inputs, outputs, { attributes, name: `${name}_0` });

export const one = (opset: number, ...args: Parameters<typeof op>): OldGraph => ({
  opset,
  nodes: [op(...args)],
});
