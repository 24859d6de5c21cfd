import { CALIBRATION_ROWS } from './calibration-options.ts';
import { ENERGY, RANK_BY, RANKS } from './rank-options.ts';
import type { Technique } from './technique.ts';

export const asvd = {
  id: 'asvd',
  label: 'Low rank (ASVD)',
  summary: 'Replaces a matrix by two thin ones that are most exact where inputs are large.',
  phrase: 'ASVD rank {by}',
  paper: { label: 'Yuan 2023', url: 'https://arxiv.org/abs/2312.05821' },
  family: 'factorize',
  operators: ['MatMul', 'Gemm', 'Conv'],
  calibration: 'moments',
  options: [
    RANK_BY,
    {
      ...ENERGY,
      help: 'Share of the squared values, scaled by their inputs, that the factors keep.',
    },
    ...RANKS,
    CALIBRATION_ROWS,
  ],
} as const satisfies Technique;
