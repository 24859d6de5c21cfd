import type { Technique } from './technique.ts';

export const fp16 = {
  id: 'fp16',
  label: 'Store as fp16',
  summary: 'Stores weights in 16 bits; the runtime widens them when it loads the model.',
  phrase: 'fp16',
  paper: { label: 'Micikevicius 2017', url: 'https://arxiv.org/abs/1710.03740' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  isGoodStart: true,
  options: [],
} as const satisfies Technique;
