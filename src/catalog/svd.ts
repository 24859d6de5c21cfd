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
  options: [
    RANK_BY,
    ENERGY,
    ...RANKS,
    {
      kind: 'choice',
      key: 'kernels',
      label: 'Kernels',
      help: 'Of convolutions of two axes: fewer channels between, or columns and then rows of the kernel. The better one is found by its error at as many values.',
      level: 'advanced',
      timed: true,
      choices: [
        { value: 'channel', label: 'channels' },
        { value: 'spatial', label: 'columns and rows' },
        { value: 'better', label: 'the better one' },
      ],
      default: 'channel',
    },
  ],
} as const satisfies Technique;
