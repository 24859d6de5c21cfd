import { BITS, BLOCK_SIZE, COMPUTE, SCALE_TYPE } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const kQuant = {
  id: 'k-quant',
  label: 'k-quant',
  summary: 'Fits the scale and zero point of each block by weighted least squares.',
  phrase: 'k-quant int{bits} {blockSize}',
  paper: { label: 'llama.cpp 2023', url: 'https://github.com/ggml-org/llama.cpp/pull/1684' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [BITS, BLOCK_SIZE, SCALE_TYPE, COMPUTE],
} as const satisfies Technique;
