import { CALIBRATION_ROWS } from './calibration-options.ts';
import { BITS, BLOCK_SIZE, COMPUTE, SCALE_TYPE, SYMMETRIC } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const awq = {
  id: 'awq',
  label: 'AWQ',
  summary: 'Scales up the weights of strong inputs before rounding, and the inputs down.',
  phrase: 'AWQ int{bits} {blockSize}',
  paper: { label: 'Lin 2024', url: 'https://arxiv.org/abs/2306.00978' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm'],
  calibration: 'gram',
  options: [
    BITS,
    BLOCK_SIZE,
    SYMMETRIC,
    SCALE_TYPE,
    {
      kind: 'toggle',
      key: 'clip',
      label: 'Clip search',
      help: 'Cuts the largest weights of a block where its outputs come out more exact. Slower to compress.',
      level: 'advanced',
      timed: true,
      default: true,
    },
    CALIBRATION_ROWS,
    COMPUTE,
  ],
} as const satisfies Technique;
