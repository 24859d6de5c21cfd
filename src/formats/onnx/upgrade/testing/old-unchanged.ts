/** Operators whose newer definitions only allow more. */
import { floatTensor } from '../../testing/build-model.ts';
import {
  float,
  int,
  int64,
  ints,
  type OldGraph,
  one,
  op,
  out,
  random,
  text,
  X,
} from './old-graph.ts';

export const UNCHANGED: Readonly<Record<string, OldGraph>> = {
  'MaxPool 7': one(7, 'MaxPool', {
    kernel_shape: ints(3, 2),
    strides: ints(2, 1),
    pads: ints(1, 0, 1, 1),
  }),
  'MaxPool 10 ceiled': one(10, 'MaxPool', {
    kernel_shape: ints(3, 3),
    strides: ints(2, 2),
    ceil_mode: int(1),
  }),
  'AveragePool 7': one(7, 'AveragePool', {
    kernel_shape: ints(3, 2),
    pads: ints(1, 1, 1, 0),
    count_include_pad: int(1),
  }),
  'AveragePool 10 ceiled': one(10, 'AveragePool', {
    kernel_shape: ints(3, 3),
    strides: ints(2, 2),
    ceil_mode: int(1),
  }),
  'AveragePool 11 ceiled and padded': one(11, 'AveragePool', {
    kernel_shape: ints(3, 3),
    strides: ints(2, 2),
    pads: ints(1, 1, 1, 1),
    ceil_mode: int(1),
  }),
  'AveragePool 11 ceiled, pads counted': one(11, 'AveragePool', {
    kernel_shape: ints(3, 3),
    strides: ints(2, 2),
    pads: ints(1, 1, 1, 1),
    ceil_mode: int(1),
    count_include_pad: int(1),
  }),
  'LpPool 11': one(11, 'LpPool', { kernel_shape: ints(2, 2), p: int(2) }),
  'Conv 7': {
    ...one(7, 'Conv', { pads: ints(1, 1, 1, 1), group: int(2) }, ['x', 'W', 'b']),
    tensors: [random('W', 6, 2, 3, 3), random('b', 6)],
  },
  'ConvTranspose 7': {
    ...one(7, 'ConvTranspose', { strides: ints(2, 2), auto_pad: text('SAME_UPPER') }, ['x', 'W']),
    tensors: [random('W', 4, 3, 3, 3)],
  },
  'Gemm 7': {
    ...one(7, 'Gemm', { transB: int(1), alpha: float(0.5) }, ['x', 'W', 'b']),
    inputs: [['x', 'float32', ['N', 8]]],
    outputs: [out(2)],
    tensors: [random('W', 5, 8), random('b', 5)],
  },
  'LSTM 7': {
    ...one(7, 'LSTM', { hidden_size: int(3), direction: text('bidirectional') }, [
      'x',
      'W',
      'R',
      'b',
    ]),
    inputs: [['x', 'float32', [5, 2, 4]]],
    tensors: [random('W', 2, 12, 4), random('R', 2, 12, 3), random('b', 2, 24)],
  },
  'GRU 7': {
    ...one(
      7,
      'GRU',
      {
        hidden_size: int(3),
        linear_before_reset: int(1),
        activations: { strings: ['Sigmoid', 'Tanh'] },
      },
      ['x', 'W', 'R'],
    ),
    inputs: [['x', 'float32', [5, 2, 4]]],
    tensors: [random('W', 1, 9, 4), random('R', 1, 9, 3)],
  },
  'QuantizeLinear 10': {
    opset: 10,
    nodes: [
      op('QuantizeLinear', {}, ['x', 'scale', 'zero'], ['q']),
      op('DequantizeLinear', {}, ['q', 'scale', 'zero']),
    ],
    tensors: [
      floatTensor('scale', [], [0.02]),
      { name: 'zero', dtype: 'uint8', dims: [], bytes: Uint8Array.of(128) },
    ],
  },
  'InstanceNormalization 7': {
    ...one(7, 'InstanceNormalization', {}, ['x', 's', 'b']),
    tensors: [random('s', 4), random('b', 4)],
  },
  'Gather 7': {
    ...one(7, 'Gather', { axis: int(1) }, ['x', 'i']),
    tensors: [int64('i', [2], [3, 0])],
  },
  'Cast 8': { ...one(8, 'Cast', { to: int(7) }), outputs: [out(4, 'y', 'int64')] },
  'ArgMax 7': {
    ...one(7, 'ArgMax', { axis: int(1), keepdims: int(0) }),
    outputs: [out(3, 'y', 'int64')],
  },
  'Sum and Max 7': {
    opset: 7,
    nodes: [
      op('Sum', {}, ['x', 'x'], ['a']),
      op('Max', {}, ['a', 'x'], ['b']),
      op('Mean', {}, ['a', 'b']),
    ],
  },
  'Where 9': {
    ...one(9, 'Where', {}, ['c', 'x', 'z']),
    inputs: [X, ['c', 'bool', [6]]],
    tensors: [random('z', 1)],
  },
  'Flatten 7': { ...one(7, 'Flatten', { axis: int(2) }), outputs: [out(2)] },
  'Expand 8': {
    ...one(8, 'Expand', {}, ['x', 'shape']),
    inputs: [['x', 'float32', [3, 1]]],
    outputs: [out(2)],
    tensors: [int64('shape', [2], [3, 4])],
  },
  'ConstantOfShape 9': {
    ...one(9, 'ConstantOfShape', {}, ['shape']),
    inputs: [['shape', 'int64', [2]]],
    outputs: [out(2)],
  },
  'OneHot 9': {
    ...one(9, 'OneHot', {}, ['i', 'depth', 'values']),
    inputs: [['i', 'int64', [4]]],
    outputs: [out(2)],
    tensors: [int64('depth', [], [3]), floatTensor('values', [2], [0, 1])],
  },
  'CumSum 11': { ...one(11, 'CumSum', {}, ['x', 'axis']), tensors: [int64('axis', [], [1])] },
  'PRelu and LeakyRelu 7': {
    opset: 7,
    nodes: [op('PRelu', {}, ['x', 's'], ['a']), op('LeakyRelu', { alpha: float(0.2) }, ['a'])],
    tensors: [random('s', 4, 1, 1)],
  },
  'DepthToSpace 10': one(10, 'DepthToSpace', { blocksize: int(2) }),
  'Pow and Mod 10': {
    opset: 10,
    nodes: [op('Mod', { fmod: int(1) }, ['x', 'p'], ['m']), op('Pow', {}, ['m', 'p'])],
    tensors: [floatTensor('p', [1], [2])],
  },
  'ScatterND 11': {
    ...one(11, 'ScatterND', {}, ['x', 'at', 'new']),
    inputs: [['x', 'float32', [4]]],
    outputs: [out(1)],
    tensors: [int64('at', [2, 1], [1, 3]), floatTensor('new', [2], [7, 8])],
  },
};
