/** Operators that sample, transform or scatter. */
import { floatTensor } from '../../testing/build-model.ts';
import {
  float,
  int,
  int64,
  type OldGraph,
  one,
  out,
  random,
  text,
  type Value,
  X,
} from './old-graph.ts';

export const SAMPLING: Readonly<Record<string, OldGraph>> = {
  'Upsample 7 nearest': one(7, 'Upsample', {
    scales: { floats: [1, 1, 2, 3] },
    mode: text('nearest'),
  }),
  'Upsample 7 linear': one(7, 'Upsample', {
    scales: { floats: [1, 1, 2, 1.5] },
    mode: text('linear'),
  }),
  'Upsample 9 nearest': {
    ...one(9, 'Upsample', {}, ['x', 'scales']),
    tensors: [floatTensor('scales', [4], [1, 1, 1.5, 2.7])],
  },
  'Upsample 9 linear': {
    ...one(9, 'Upsample', { mode: text('linear') }, ['x', 'scales']),
    tensors: [floatTensor('scales', [4], [1, 1, 2, 2])],
  },
  'Resize 10 linear': {
    ...one(10, 'Resize', { mode: text('linear') }, ['x', 'scales']),
    tensors: [floatTensor('scales', [4], [1, 1, 0.6, 2.5])],
  },
  ...Object.fromEntries(
    ['half_pixel', 'align_corners', 'asymmetric', 'pytorch_half_pixel'].map((mode) => [
      `Resize 11 ${mode}`,
      {
        ...one(11, 'Resize', { mode: text('linear'), coordinate_transformation_mode: text(mode) }, [
          'x',
          'roi',
          'scales',
        ]),
        tensors: [floatTensor('roi', [0], []), floatTensor('scales', [4], [1, 1, 0.6, 2.5])],
      },
    ]),
  ),
  'Resize 11 nearest to sizes': {
    ...one(11, 'Resize', { mode: text('nearest') }, ['x', 'roi', 'none', 'sizes']),
    tensors: [
      floatTensor('roi', [0], []),
      floatTensor('none', [0], []),
      int64('sizes', [4], [2, 4, 3, 13]),
    ],
  },
  'Resize 13 cubic': {
    ...one(13, 'Resize', { mode: text('cubic'), cubic_coeff_a: float(-0.5) }, ['x', '', 'scales']),
    tensors: [floatTensor('scales', [4], [1, 1, 1.5, 2])],
  },
  ...Object.fromEntries(
    ['bilinear', 'bicubic', 'nearest'].map((mode) => [
      `GridSample 16 ${mode}`,
      {
        ...one(16, 'GridSample', { mode: text(mode) }, ['x', 'grid']),
        inputs: [X, ['grid', 'float32', [2, 5, 5, 2]] satisfies Value],
      },
    ]),
  ),
  'GridSample 16 by default': {
    ...one(16, 'GridSample', {}, ['x', 'grid']),
    inputs: [X, ['grid', 'float32', [2, 5, 5, 2]]],
  },
  'RoiAlign 10': {
    ...one(
      10,
      'RoiAlign',
      {
        output_height: int(3),
        output_width: int(3),
        sampling_ratio: int(2),
        spatial_scale: float(0.8),
      },
      ['x', 'rois', 'batch'],
    ),
    tensors: [
      floatTensor('rois', [2, 4], [0.4, 0.7, 4.1, 5.2, 1, 1, 3.3, 4]),
      int64('batch', [2], [0, 1]),
    ],
  },
  'Scatter 9': {
    ...one(9, 'Scatter', { axis: int(1) }, ['x', 'at', 'new']),
    inputs: [['x', 'float32', [3, 5]]],
    outputs: [out(2)],
    tensors: [int64('at', [1, 2], [1, 3]), floatTensor('new', [1, 2], [7, 8])],
  },
  'DFT 17': {
    ...one(17, 'DFT', { axis: int(1), onesided: int(1) }),
    inputs: [['x', 'float32', [2, 8, 1]]],
    outputs: [out(3)],
  },
  'DFT 17 by default': {
    ...one(17, 'DFT'),
    inputs: [['x', 'float32', [2, 8, 2]]],
    outputs: [out(3)],
  },
  'GroupNormalization 18': {
    ...one(18, 'GroupNormalization', { num_groups: int(2), epsilon: float(0.001) }, [
      'x',
      's',
      'b',
    ]),
    tensors: [random('s', 2), random('b', 2)],
  },
};
