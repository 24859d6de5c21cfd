/** Operators whose attributes became inputs, and those that normalize. */
import { floatTensor } from '../../testing/build-model.ts';
import { float, int, int64, ints, type OldGraph, one, op, out, random, text } from './old-graph.ts';

const reductions = [
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSum',
  'ReduceSumSquare',
];

export const SHAPING: Readonly<Record<string, OldGraph>> = {
  ...Object.fromEntries(
    reductions.flatMap((name) => [
      [`${name} 7`, { ...one(7, name, { axes: ints(1, 3), keepdims: int(0) }), outputs: [out(2)] }],
      [`${name} 11 of all`, { ...one(11, name, { keepdims: int(0) }), outputs: [out(0)] }],
      [`${name} 12`, one(12, name, { axes: ints(-1) })],
    ]),
  ),
  'ReduceMean 17': one(17, 'ReduceMean', { axes: ints(-1), keepdims: int(1) }),
  'ReduceLogSum 11': {
    opset: 11,
    nodes: [op('Abs', {}, ['x'], ['a']), op('ReduceLogSum', { axes: ints(2) }, ['a'])],
  },
  'Squeeze 11': {
    ...one(11, 'Squeeze', { axes: ints(1, -1) }),
    inputs: [['x', 'float32', [3, 1, 4, 1]]],
    outputs: [out(2)],
  },
  'Squeeze 9 of all': {
    ...one(9, 'Squeeze'),
    inputs: [['x', 'float32', [3, 1, 4, 1]]],
    outputs: [out(2)],
  },
  'Unsqueeze 7': { ...one(7, 'Unsqueeze', { axes: ints(0, 2) }), outputs: [out(6)] },
  'Split 9 by sizes': {
    ...one(9, 'Split', { axis: int(1), split: ints(1, 3) }, ['x'], ['y', 'z']),
    outputs: [out(4), out(4, 'z')],
  },
  'Split 11 equal': {
    ...one(11, 'Split', { axis: int(1) }, ['x'], ['y', 'z']),
    outputs: [out(4), out(4, 'z')],
  },
  'Split 13 equal': {
    ...one(13, 'Split', { axis: int(2) }, ['x'], ['y', 'z']),
    outputs: [out(4), out(4, 'z')],
  },
  'Split 13 by sizes': {
    ...one(13, 'Split', { axis: int(2) }, ['x', 'sizes'], ['y', 'z']),
    tensors: [int64('sizes', [2], [2, 4])],
    outputs: [out(4), out(4, 'z')],
  },
  'Slice 7': one(7, 'Slice', { starts: ints(1, -3), ends: ints(2 ** 63, -1), axes: ints(1, 3) }),
  'Slice 9 without axes': one(9, 'Slice', { starts: ints(0, 1), ends: ints(1, 3) }),
  'TopK 7': {
    ...one(7, 'TopK', { k: int(3), axis: int(2) }, ['x'], ['y', 'i']),
    outputs: [out(4), out(4, 'i', 'int64')],
  },
  'Pad 7 with a value': one(7, 'Pad', { pads: ints(0, 1, 0, 2, 0, 0, 3, 1), value: float(0.75) }),
  'Pad 10 reflected': one(10, 'Pad', { pads: ints(0, 0, 2, 1, 0, 0, 1, 2), mode: text('reflect') }),
  'Pad 10 of doubles': {
    ...one(10, 'Pad', { pads: ints(0, 0, 1, 1, 0, 0, 1, 1), value: float(2.5) }),
    inputs: [['x', 'float64', [1, 1, 3, 3]]],
    outputs: [out(4, 'y', 'float64')],
  },
  'Clip 7': one(7, 'Clip', { min: float(-0.5), max: float(0.25) }),
  'Clip 10 from above': one(10, 'Clip', { max: float(0.25) }),
  'Clip 10 of nothing': one(10, 'Clip'),
  'Dropout 7': one(7, 'Dropout', { ratio: float(0.3) }, ['x'], ['y', 'mask']),
  'Dropout 10 with mask': {
    ...one(10, 'Dropout', { ratio: float(0.3) }, ['x'], ['y', 'mask']),
    outputs: [out(4)],
  },
  'Dropout 11': one(11, 'Dropout'),
  'BatchNormalization 7': {
    ...one(
      7,
      'BatchNormalization',
      { epsilon: float(0.01), momentum: float(0.8), spatial: int(1) },
      ['x', 's', 'b', 'm', 'v'],
    ),
    tensors: [
      random('s', 4),
      random('b', 4),
      random('m', 4),
      floatTensor('v', [4], [1, 2, 0.5, 3]),
    ],
  },
  'BatchNormalization 9': {
    ...one(9, 'BatchNormalization', {}, ['x', 's', 'b', 'm', 'v']),
    tensors: [
      random('s', 4),
      random('b', 4),
      random('m', 4),
      floatTensor('v', [4], [1, 2, 0.5, 3]),
    ],
  },
  ...Object.fromEntries(
    ['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((name) => [
      [`${name} 7`, one(7, name)],
      [`${name} 11 axis 0`, one(11, name, { axis: int(0) })],
      [`${name} 11 axis -1`, one(11, name, { axis: int(-1) })],
      [`${name} 12 axis -2`, one(12, name, { axis: int(-2) })],
      [`${name} 12 axis 3`, one(12, name, { axis: int(3) })],
      [
        `${name} 11 in between`,
        {
          opset: 11,
          nodes: [
            op('Relu', {}, ['x'], ['a']),
            op(name, { axis: int(2) }, ['a'], ['b']),
            op('Tanh', {}, ['b']),
          ],
        },
      ],
    ]),
  ),
};
