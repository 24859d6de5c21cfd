import { CALIBRATION_ROWS } from './calibration-options.ts';
import { DAMPING } from './feedback-options.ts';
import { PATTERN, SPARSITY } from './pruning-options.ts';
import type { Technique } from './technique.ts';
import { ZEROS } from './zeros-option.ts';

export const sparsegpt = {
  id: 'sparsegpt',
  label: 'SparseGPT pruning',
  summary: 'Sets values to zero and lets the others make up for them.',
  phrase: 'SparseGPT {pattern}',
  paper: { label: 'Frantar 2023', url: 'https://arxiv.org/abs/2301.00774' },
  family: 'prune',
  calibration: 'gram',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [PATTERN, SPARSITY, DAMPING, CALIBRATION_ROWS, ZEROS],
} as const satisfies Technique;
