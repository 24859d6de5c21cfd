import { CALIBRATION_ROWS } from './calibration-options.ts';
import { ENERGY, RANK_BY, RANKS } from './rank-options.ts';
import type { Technique } from './technique.ts';

export const svdLlm = {
  id: 'svd-llm',
  label: 'Low rank (SVD-LLM)',
  summary: 'Replaces a matrix by the two thin ones that change its layer’s output least.',
  phrase: 'SVD-LLM rank {by}',
  paper: { label: 'Wang 2024', url: 'https://arxiv.org/abs/2403.07378' },
  family: 'factorize',
  operators: ['MatMul', 'Gemm', 'Conv'],
  calibration: 'gram',
  options: [
    RANK_BY,
    { ...ENERGY, help: 'Share of the squared output of the layer that the factors keep.' },
    ...RANKS,
    CALIBRATION_ROWS,
  ],
} as const satisfies Technique;
