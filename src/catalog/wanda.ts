import { CALIBRATION_ROWS } from './calibration-options.ts';
import { PATTERN, SPARSITY } from './pruning-options.ts';
import type { Technique } from './technique.ts';
import { ZEROS } from './zeros-option.ts';

export const wanda = {
  id: 'wanda',
  label: 'Wanda pruning',
  summary: 'Sets the values to zero that matter least for the inputs they meet.',
  phrase: 'Wanda {pattern}',
  paper: { label: 'Sun 2023', url: 'https://arxiv.org/abs/2306.11695' },
  family: 'prune',
  calibration: 'moments',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [PATTERN, SPARSITY, CALIBRATION_ROWS, ZEROS],
} as const satisfies Technique;
