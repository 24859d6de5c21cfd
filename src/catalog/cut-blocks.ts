import { CALIBRATION_ROWS } from './calibration-options.ts';
import { SHARE } from './cut-options.ts';
import type { Technique } from './technique.ts';

export const cutBlocks = {
  id: 'cut-blocks',
  label: 'Drop blocks',
  summary: 'Drops whole blocks of layers, those that change least what passes through them.',
  phrase: '{share} fewer blocks',
  paper: { label: 'Men 2024', url: 'https://arxiv.org/abs/2403.03853' },
  family: 'reshape',
  operators: ['MatMul', 'Gemm', 'Conv'],
  options: [
    {
      ...SHARE,
      help: 'Share of the blocks to drop: whole blocks, at least one, and one stays.',
      default: 0.25,
    },
    {
      kind: 'choice',
      key: 'score',
      label: 'Drop by',
      help: 'Influence: how little a block turns the vectors of the calibration rows. Depth: the last but one first, without data.',
      level: 'main',
      timed: true,
      choices: [
        { value: 'influence', label: 'influence' },
        { value: 'depth', label: 'depth' },
      ],
      default: 'influence',
    },
    { ...CALIBRATION_ROWS, when: { key: 'score', is: ['influence'] } },
  ],
} as const satisfies Technique;
