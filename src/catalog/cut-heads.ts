import { CUT_OPTIONS, SHARE } from './cut-options.ts';
import type { Technique } from './technique.ts';

export const cutHeads = {
  id: 'cut-heads',
  label: 'Fewer heads',
  summary: 'Removes whole attention heads, with the keys and values that only they use.',
  phrase: '{share} fewer heads',
  paper: { label: 'Muralidharan 2024', url: 'https://arxiv.org/abs/2407.14679' },
  family: 'reshape',
  operators: ['MatMul', 'Gemm'],
  calibration: 'gram',
  options: [
    {
      ...SHARE,
      help: 'Share of the heads of each layer to remove, in whole heads.',
      default: 0.25,
    },
    ...CUT_OPTIONS,
  ],
} as const satisfies Technique;
