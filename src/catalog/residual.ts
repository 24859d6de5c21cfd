import { CALIBRATION_ROWS } from './calibration-options.ts';
import type { Technique } from './technique.ts';

export const residual = {
  id: 'residual',
  label: 'Low-rank residual',
  summary:
    'Adds the largest part of the quantization error back, as the product of two thin matrices.',
  phrase: 'residual rank {rank}',
  paper: { label: 'Zhang 2024', url: 'https://arxiv.org/abs/2402.02446' },
  family: 'residual',
  operators: ['MatMul', 'Gemm', 'Conv', 'Gather'],
  calibration: 'gram',
  calibratesWhen: { key: 'fit', is: ['output'] },
  options: [
    {
      kind: 'number',
      key: 'rank',
      label: 'Rank',
      help: 'A higher rank brings more of the error back, and takes more bytes and time.',
      level: 'main',
      timed: true,
      min: 1,
      max: 256,
      step: 1,
      integer: true,
      display: 'plain',
      default: 16,
    },
    {
      kind: 'choice',
      key: 'fit',
      label: 'Fit',
      help: 'To what the error does at the layer’s output, seen on calibration rows, or to the error of the values alone.',
      level: 'main',
      timed: true,
      choices: [
        { value: 'output', label: 'output' },
        { value: 'values', label: 'values' },
      ],
      default: 'output',
    },
    {
      kind: 'choice',
      key: 'factors',
      label: 'Factors',
      help: 'How the two matrices are stored. 8 bits take half the bytes of 16 and lose little.',
      level: 'advanced',
      choices: [
        { value: 'int8', label: '8 bit' },
        { value: 'float16', label: '16 bit' },
        { value: 'float32', label: '32 bit' },
      ],
      default: 'float16',
    },
    { ...CALIBRATION_ROWS, when: { key: 'fit', is: ['output'] } },
  ],
} as const satisfies Technique;
