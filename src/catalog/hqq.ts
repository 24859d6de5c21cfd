import { BITS, BLOCK_SIZE, COMPUTE, SCALE_TYPE } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const hqq = {
  id: 'hqq',
  label: 'HQQ',
  summary: 'Moves the zero point and scale of each block to where outliers count less.',
  phrase: 'hqq int{bits} {blockSize}',
  paper: { label: 'Badri 2023', url: 'https://mobiusml.github.io/hqq_blog/' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [BITS, BLOCK_SIZE, SCALE_TYPE, COMPUTE],
} as const satisfies Technique;
