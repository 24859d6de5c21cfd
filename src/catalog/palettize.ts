import { CALIBRATION_ROWS } from './calibration-options.ts';
import { COMPUTE } from './integer-options.ts';
import type { Technique } from './technique.ts';

export const palettize = {
  id: 'palettize',
  label: 'Palettize',
  summary: 'Lets all values share a few that fit them best, and stores which.',
  phrase: '{bits} bit palette {channels}',
  paper: { label: 'Han 2016', url: 'https://arxiv.org/abs/1510.00149' },
  family: 'share',
  calibration: 'moments',
  calibratesWhen: { key: 'byInputs', is: [true] },
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [
    {
      kind: 'choice',
      key: 'bits',
      label: 'Bits',
      help: 'Bits for each weight: 4 give 16 shared values. Fewer are smaller and less exact.',
      level: 'main',
      choices: [1, 2, 3, 4, 5, 6].map((value) => ({ value, label: `${value}` })),
      default: 4,
    },
    {
      kind: 'choice',
      key: 'channels',
      label: 'Palette for',
      help: 'Output channels that share one palette. Fewer are more exact and take more palettes.',
      level: 'main',
      timed: true,
      choices: [
        { value: 1, label: '1 channel', phrase: 'per channel' },
        { value: 4, label: '4 channels', phrase: 'per 4 channels' },
        { value: 16, label: '16 channels', phrase: 'per 16 channels' },
        { value: 64, label: '64 channels', phrase: 'per 64 channels' },
        { value: 'all', label: 'the weight', phrase: 'per weight' },
      ],
      default: 16,
    },
    {
      kind: 'choice',
      key: 'scaleType',
      label: 'Values',
      help: '16-bit palettes take half the bytes; 32-bit ones hold values beyond 65,504.',
      level: 'advanced',
      choices: [
        { value: 'float16', label: '16 bit' },
        { value: 'float32', label: '32 bit' },
      ],
      default: 'float16',
    },
    {
      kind: 'toggle',
      key: 'byInputs',
      label: 'Weigh by inputs',
      help: 'Fits palettes more closely where inputs are large. Measured on one model: closer at 4 bits, further off at 3. Needs calibration rows.',
      level: 'main',
      timed: true,
      default: false,
    },
    { ...CALIBRATION_ROWS, when: { key: 'byInputs', is: [true] } },
    COMPUTE,
  ],
} as const satisfies Technique;
