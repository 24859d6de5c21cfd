import type { Technique } from './technique.ts';

export const rtn = {
  id: 'rtn',
  label: 'Round to nearest',
  summary: 'Rounds each value to the nearest level.',
  paper: { label: 'Jacob 2018', url: 'https://arxiv.org/abs/1712.05877' },
  family: 'quantize',
  operators: ['MatMul', 'Gemm', 'Gather'],
  options: [
    {
      kind: 'choice',
      key: 'bits',
      label: 'Bits',
      help: 'Bits for each weight. Fewer are smaller and less exact.',
      level: 'main',
      choices: [
        { value: 2, label: '2' },
        { value: 4, label: '4' },
        { value: 8, label: '8' },
      ],
      default: 4,
    },
    {
      kind: 'choice',
      key: 'blockSize',
      label: 'Block size',
      help: 'Weights that share one scale. Smaller blocks are more exact and take more scales.',
      level: 'main',
      choices: [
        { value: 16, label: '16' },
        { value: 32, label: '32' },
        { value: 64, label: '64' },
        { value: 128, label: '128' },
        { value: 256, label: '256' },
        { value: 'channel', label: 'channel' },
      ],
      default: 32,
    },
    {
      kind: 'toggle',
      key: 'symmetric',
      label: 'Symmetric',
      help: 'Levels centred on zero. Off: each block stores a zero point too.',
      level: 'advanced',
      default: true,
    },
    {
      kind: 'choice',
      key: 'scaleType',
      label: 'Scales',
      help: '16-bit scales take half the bytes; 32-bit ones hold values beyond 65,504.',
      level: 'advanced',
      choices: [
        { value: 'float16', label: '16 bit' },
        { value: 'float32', label: '32 bit' },
      ],
      default: 'float16',
    },
  ],
} as const satisfies Technique;
