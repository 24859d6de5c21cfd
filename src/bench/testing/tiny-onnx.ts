/** Writes ONNX models small enough to state in a test. */

type Bytes = readonly number[];

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
};
const integer = (field: number, value: number): number[] => [
  ...varint(field << 3),
  ...varint(value),
];
const nested = (field: number, bytes: Bytes): number[] => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string) => nested(field, [...new TextEncoder().encode(value)]);

export const ELEMENT = { float32: 1, uint8: 2, int8: 3, int64: 7, float16: 10, float8e4m3fn: 17 };
type Element = keyof typeof ELEMENT;

export interface TinyTensor {
  readonly name: string;
  readonly dtype: Element;
  readonly dims: readonly number[];
  readonly data: ArrayBufferView;
  /** Keep the bytes in this file beside the model. */
  readonly file?: string;
}

export interface TinyModel {
  readonly opset?: number;
  readonly inputs: readonly (readonly [name: string, dtype: Element, dims: readonly number[]])[];
  readonly outputs: readonly (readonly [name: string, dtype: Element])[];
  readonly nodes: readonly (readonly [op: string, inputs: string[], outputs: string[]])[];
  readonly tensors: readonly TinyTensor[];
  /** `to` of Cast nodes. */
  readonly castTo?: Element;
}

function tensorProto({ name, dtype, dims, data, file }: TinyTensor): number[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const entry = (key: string, value: string) => nested(13, [...text(1, key), ...text(2, value)]);
  return [
    ...dims.flatMap((dim) => integer(1, dim)),
    ...integer(2, ELEMENT[dtype]),
    ...text(8, name),
    ...(file
      ? [...entry('location', file), ...entry('length', `${bytes.length}`), ...integer(14, 1)]
      : nested(9, [...bytes])),
  ];
}

function valueInfo(name: string, dtype: Element, dims: readonly number[] | null): number[] {
  const shape = dims?.flatMap((dim) => nested(1, dim < 0 ? text(2, `d${-dim}`) : integer(1, dim)));
  const tensor = [...integer(1, ELEMENT[dtype]), ...(shape ? nested(2, shape) : [])];
  return [...text(1, name), ...nested(2, nested(1, tensor))];
}

/** Bytes of `model`: IR 8; a negative dimension of an input is free. */
export function tinyOnnx(model: TinyModel): Uint8Array<ArrayBuffer> {
  const node = ([op, inputs, outputs]: TinyModel['nodes'][number], index: number) => [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(3, `${op}_${index}`),
    ...text(4, op),
    ...(op === 'Cast'
      ? nested(5, [
          ...text(1, 'to'),
          ...integer(3, ELEMENT[model.castTo ?? 'float32']),
          ...integer(20, 2), // the attribute is an integer
        ])
      : []),
  ];
  const graph = [
    ...model.nodes.flatMap((one, index) => nested(1, node(one, index))),
    ...text(2, 'tiny'),
    ...model.tensors.flatMap((tensor) => nested(5, tensorProto(tensor))),
    ...model.inputs.flatMap(([name, dtype, dims]) => nested(11, valueInfo(name, dtype, dims))),
    ...model.outputs.flatMap(([name, dtype]) => nested(12, valueInfo(name, dtype, null))),
  ];
  return Uint8Array.from([
    ...integer(1, 8),
    ...nested(7, graph),
    ...nested(8, integer(2, model.opset ?? 17)),
  ]);
}

/** y = x · W, x [-1, K], W [K, N]. */
export const matMulModel = (
  weights: readonly number[],
  [rows, columns]: readonly [number, number],
  file?: string,
): TinyModel => ({
  inputs: [['x', 'float32', [-1, rows]]],
  outputs: [['logits', 'float32']],
  nodes: [['MatMul', ['x', 'W'], ['logits']]],
  tensors: [
    {
      name: 'W',
      dtype: 'float32',
      dims: [rows, columns],
      data: Float32Array.from(weights),
      ...(file === undefined ? {} : { file }),
    },
  ],
});
