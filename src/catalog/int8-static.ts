import { CALIBRATION_ROWS } from './calibration-options.ts';
import type { Technique } from './technique.ts';

export const int8Static = {
  id: 'int8-static',
  label: 'Static int8',
  summary: 'Rounds weights and inputs to 8 bits, inputs over a range found on calibration rows.',
  phrase: 'static int8',
  paper: { label: 'Jacob 2018', url: 'https://arxiv.org/abs/1712.05877' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Conv'],
  calibration: 'moments',
  options: [
    {
      kind: 'choice',
      key: 'range',
      label: 'Range',
      help: 'How the range of inputs is chosen. Narrower ones are finer and let outliers saturate.',
      level: 'main',
      choices: [
        { value: 'minmax', label: 'min–max' },
        { value: 'percentile', label: 'percentile' },
        { value: 'entropy', label: 'entropy' },
        { value: 'mse', label: 'squared error' },
      ],
      default: 'minmax',
    },
    {
      kind: 'number',
      key: 'percentile',
      label: 'Percentile',
      help: 'Share of values that the range holds, in per cent.',
      level: 'main',
      min: 90,
      max: 100,
      step: 0.01,
      integer: false,
      display: 'plain',
      default: 99.99,
      when: { key: 'range', is: ['percentile'] },
    },
    CALIBRATION_ROWS,
  ],
} as const satisfies Technique;
