import { CUT_OPTIONS, SHARE } from './cut-options.ts';
import type { Technique } from './technique.ts';

export const cutNeurons = {
  id: 'cut-neurons',
  label: 'Fewer neurons',
  summary: 'Removes the hidden neurons of feed-forward layers that matter least.',
  phrase: '{share} fewer neurons',
  paper: { label: 'Ma 2023', url: 'https://arxiv.org/abs/2305.11627' },
  family: 'reshape',
  operators: ['MatMul', 'Gemm'],
  calibration: 'gram',
  options: [SHARE, ...CUT_OPTIONS],
} as const satisfies Technique;
