import { BITS, BLOCK_SIZE, CLIP, COMPUTE, SCALE_TYPE, SYMMETRIC } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const rtn = {
  id: 'rtn',
  label: 'Round to nearest',
  summary: 'Rounds each value to the nearest level.',
  phrase: 'int{bits} {blockSize}',
  paper: { label: 'Jacob 2018', url: 'https://arxiv.org/abs/1712.05877' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  isGoodStart: true,
  options: [BITS, BLOCK_SIZE, SYMMETRIC, SCALE_TYPE, CLIP, COMPUTE],
} as const satisfies Technique;
