import { CUT_CHANNEL_OPTIONS, SHARE } from './cut-options.ts';
import type { Technique } from './technique.ts';

export const cutChannels = {
  id: 'cut-channels',
  label: 'Fewer channels',
  summary: 'Removes channels of convolutions, through residuals and depthwise layers.',
  phrase: '{share} fewer channels',
  paper: { label: 'Fang 2023', url: 'https://arxiv.org/abs/2301.12900' },
  family: 'reshape',
  operators: ['Conv', 'ConvTranspose', 'MatMul', 'Gemm'],
  needsOperator: ['Conv', 'ConvTranspose'],
  calibration: 'gram',
  options: [{ ...SHARE, default: 0.25 }, ...CUT_CHANNEL_OPTIONS],
} as const satisfies Technique;
