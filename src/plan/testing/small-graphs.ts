/** One operator each with a weight `W`, from `x` to `y`: every way in which a constant is a weight. */
import { seededRandom } from '../../core/random.ts';
import { writeValueInfo } from '../../formats/onnx/encode.ts';
import { encode } from '../../formats/onnx/proto-writer.ts';
import { buildModel, buildNode, floatTensor } from '../../formats/onnx/testing/build-model.ts';
import type { NodeSpec } from '../../model/edit.ts';

export interface SmallGraph {
  readonly nodes: readonly NodeSpec[];
  /** Of the weight. */
  readonly dims: readonly number[];
  /** Other constants, by their dims. */
  readonly others?: Readonly<Record<string, readonly number[]>>;
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Rows that `x` picks, if it holds indices. */
  readonly rows?: number;
}

type Attributes = NodeSpec['attributes'];

const only = (op: string, inputs: string[], attributes: Attributes = {}): NodeSpec[] => [
  buildNode(op, inputs, ['y'], { attributes, name: op }),
];
const ints = (...values: number[]) => ({ ints: values });

export const SMALL_GRAPHS: Readonly<Record<string, SmallGraph>> = {
  MatMul: { nodes: only('MatMul', ['x', 'W']), dims: [72, 48], input: [3, 72], output: [3, 48] },
  'MatMul through Transpose': {
    nodes: [
      buildNode('Transpose', ['W'], ['V'], { attributes: { perm: ints(1, 0) } }),
      ...only('MatMul', ['x', 'V']),
    ],
    ...{ dims: [48, 72], input: [2, 3, 72], output: [2, 3, 48] },
  },
  'MatMul, weight left': {
    nodes: only('MatMul', ['W', 'x']),
    ...{ dims: [48, 72], input: [72, 5], output: [48, 5] },
  },
  'MatMul of a batch': {
    nodes: only('MatMul', ['x', 'W']),
    ...{ dims: [2, 64, 24], input: [2, 3, 64], output: [2, 3, 24] },
  },
  'Gemm, transposed and scaled': {
    nodes: only('Gemm', ['x', 'W', 'b'], {
      ...{ alpha: { float: 0.5 }, beta: { float: 2 }, transA: { int: 1 }, transB: { int: 1 } },
    }),
    ...{ dims: [40, 64], others: { b: [40] }, input: [64, 3], output: [3, 40] },
  },
  'Conv 3×3': {
    nodes: only('Conv', ['x', 'W', 'b'], { pads: ints(1, 1, 1, 1), strides: ints(2, 2) }),
    ...{ dims: [32, 16, 3, 3], others: { b: [32] }, input: [1, 16, 8, 8], output: [1, 32, 4, 4] },
  },
  'Conv 1×1': {
    nodes: only('Conv', ['x', 'W']),
    ...{ dims: [32, 64, 1, 1], input: [1, 64, 6, 6], output: [1, 32, 6, 6] },
  },
  'Conv in two groups': {
    nodes: only('Conv', ['x', 'W', 'b'], { group: { int: 2 }, dilations: ints(2, 2) }),
    ...{ dims: [32, 8, 3, 3], others: { b: [32] }, input: [1, 16, 7, 7], output: [1, 32, 3, 3] },
  },
  'Conv, depthwise': {
    nodes: only('Conv', ['x', 'W'], { group: { int: 32 }, pads: ints(1, 1, 1, 1) }),
    ...{ dims: [32, 1, 3, 3], input: [1, 32, 5, 5], output: [1, 32, 5, 5] },
  },
  'Conv, 1-D': {
    nodes: only('Conv', ['x', 'W', 'b'], { pads: ints(1, 1) }),
    ...{ dims: [24, 20, 3], others: { b: [24] }, input: [1, 20, 9], output: [1, 24, 9] },
  },
  'Conv, 3-D': {
    nodes: only('Conv', ['x', 'W']),
    ...{ dims: [8, 4, 3, 3, 3], input: [1, 4, 4, 4, 4], output: [1, 8, 2, 2, 2] },
  },
  ConvTranspose: {
    nodes: only('ConvTranspose', ['x', 'W'], { group: { int: 2 }, strides: ints(2, 2) }),
    ...{ dims: [8, 6, 3, 3], input: [1, 8, 4, 4], output: [1, 12, 9, 9] },
  },
  Gather: {
    nodes: only('Gather', ['W', 'x']),
    ...{ dims: [50, 64], input: [2, 3], output: [2, 3, 64], rows: 50 },
  },
  'Gather of columns': {
    nodes: only('Gather', ['W', 'x'], { axis: { int: 1 } }),
    ...{ dims: [64, 50], input: [3], output: [64, 3], rows: 50 },
  },
  'embedding and product of one table': {
    nodes: [
      buildNode('Gather', ['W', 'x'], ['h'], { name: 'Gather' }),
      buildNode('Transpose', ['W'], ['V'], { attributes: { perm: ints(1, 0) } }),
      ...only('MatMul', ['h', 'V']),
    ],
    ...{ dims: [50, 64], input: [3], output: [3, 50], rows: 50 },
  },
  LSTM: {
    nodes: [
      buildNode('LSTM', ['x', 'W', 'R'], ['y'], {
        attributes: { hidden_size: { int: 12 }, direction: { string: 'bidirectional' } },
      }),
    ],
    ...{ dims: [2, 48, 20], others: { R: [2, 48, 12] }, input: [4, 1, 20], output: [4, 2, 1, 12] },
  },
  GRU: {
    nodes: [buildNode('GRU', ['x', 'W', 'R'], ['y'], { attributes: { hidden_size: { int: 16 } } })],
    ...{ dims: [1, 48, 20], others: { R: [1, 48, 16] }, input: [4, 1, 20], output: [4, 1, 1, 16] },
  },
};

const product = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);

/** The model's bytes, and what to feed it. */
export function smallModel(
  { nodes, dims, others = {}, input, output, rows }: SmallGraph,
  opset = 17,
) {
  const random = seededRandom(5);
  const normal = (name: string, shape: readonly number[]) =>
    floatTensor(
      name,
      shape,
      Array.from({ length: product(shape) }, () => random.normal() / 8),
    );
  const initializers = [
    normal('W', dims),
    ...Object.entries(others).map(([name, shape]) => normal(name, shape)),
  ];
  const bytes = buildModel({
    ...{ nodes, initializers, inputs: [], outputs: [], opsets: new Map([['', opset]]) },
    extra: [
      encode((writer) =>
        writer.message(11, () => writeValueInfo(writer, 'x', rows ? 'int64' : 'float32', input)),
      ),
      encode((writer) => writer.message(12, () => writeValueInfo(writer, 'y', 'float32', output))),
    ],
  });
  const length = product(input);
  const x = rows
    ? BigInt64Array.from({ length }, () => BigInt(random.below(rows)))
    : Float32Array.from({ length }, () => random.normal());
  return { bytes, x };
}
