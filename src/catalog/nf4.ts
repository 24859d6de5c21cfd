import { COMPUTE, SCALE_TYPE } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const nf4 = {
  id: 'nf4',
  label: 'NF4',
  summary: 'Rounds each value to one of 16 levels that suit a normal distribution.',
  phrase: 'nf4 {blockSize}',
  paper: { label: 'Dettmers 2023', url: 'https://arxiv.org/abs/2305.14314' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [
    {
      kind: 'choice',
      key: 'blockSize',
      label: 'Block size',
      help: 'Weights that share one scale. Smaller blocks are more exact and take more scales.',
      level: 'main',
      choices: [
        { value: 16, label: '16', phrase: 'block 16' },
        { value: 32, label: '32', phrase: 'block 32' },
        { value: 64, label: '64', phrase: 'block 64' },
        { value: 128, label: '128', phrase: 'block 128' },
      ],
      default: 64,
    },
    SCALE_TYPE,
    COMPUTE,
  ],
} as const satisfies Technique;
