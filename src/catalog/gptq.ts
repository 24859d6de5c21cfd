import { CALIBRATION_ROWS } from './calibration-options.ts';
import { DAMPING } from './feedback-options.ts';
import { BITS, BLOCK_SIZE, CLIP, COMPUTE, SCALE_TYPE, SYMMETRIC } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const gptq = {
  id: 'gptq',
  label: 'GPTQ',
  summary: 'Rounds one input after another, each making up for the error of those before.',
  phrase: 'GPTQ int{bits} {blockSize}',
  paper: { label: 'Frantar 2022', url: 'https://arxiv.org/abs/2210.17323' },
  family: 'quantize',
  calibration: 'gram',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [
    BITS,
    BLOCK_SIZE,
    SYMMETRIC,
    SCALE_TYPE,
    CLIP,
    {
      kind: 'toggle',
      key: 'actOrder',
      label: 'Activation order',
      help: 'Rounds inputs of large activations first, so that later ones make up for them.',
      level: 'advanced',
      default: true,
    },
    DAMPING,
    CALIBRATION_ROWS,
    COMPUTE,
  ],
} as const satisfies Technique;
