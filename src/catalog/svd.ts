import { ENERGY, RANK_BY, RANKS } from './rank-options.ts';
import type { Technique } from './technique.ts';

export const svd = {
  id: 'svd',
  label: 'Low rank (SVD)',
  summary: 'Replaces a matrix by the product of two thin ones.',
  phrase: 'rank {by}',
  paper: { label: 'Denton 2014', url: 'https://arxiv.org/abs/1404.0736' },
  family: 'factorize',
  operators: ['MatMul', 'Gemm', 'Conv', 'Gather'],
  options: [RANK_BY, ENERGY, ...RANKS],
} as const satisfies Technique;
