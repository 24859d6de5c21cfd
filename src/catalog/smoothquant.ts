import { CALIBRATION_ROWS } from './calibration-options.ts';
import type { Technique } from './technique.ts';

export const smoothquant = {
  id: 'smoothquant',
  label: 'SmoothQuant',
  summary: 'Moves outliers of inputs into the weights, so that 8-bit inputs lose less.',
  phrase: 'smooth {alpha}',
  paper: { label: 'Xiao 2023', url: 'https://arxiv.org/abs/2211.10438' },
  family: 'transform',
  operators: ['MatMul', 'Gemm'],
  calibration: 'moments',
  options: [
    {
      kind: 'number',
      key: 'alpha',
      label: 'Strength',
      help: 'How much of an outlier goes into the weights: 0.5 halves it on a log scale, 1 moves all.',
      level: 'main',
      min: 0,
      max: 1,
      step: 0.05,
      integer: false,
      display: 'plain',
      default: 0.5,
    },
    CALIBRATION_ROWS,
  ],
} as const satisfies Technique;
