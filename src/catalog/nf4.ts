import { BLOCK_SIZE, COMPUTE, SCALE_TYPE, SHORT_BLOCKS } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const nf4 = {
  id: 'nf4',
  label: 'NF4',
  summary: 'Rounds each value to one of 16 levels that suit a normal distribution.',
  phrase: 'nf4 {blockSize}',
  paper: { label: 'Dettmers 2023', url: 'https://arxiv.org/abs/2305.14314' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [{ ...BLOCK_SIZE, choices: SHORT_BLOCKS, default: 64 }, SCALE_TYPE, COMPUTE],
} as const satisfies Technique;
