import { PATTERN, SPARSITY } from './pruning-options.ts';
import type { Technique } from './technique.ts';
import { ZEROS } from './zeros-option.ts';

export const magnitude = {
  id: 'magnitude',
  label: 'Magnitude pruning',
  summary: 'Sets the smallest values to zero.',
  phrase: '{pattern}',
  paper: { label: 'Han 2015', url: 'https://arxiv.org/abs/1506.02626' },
  family: 'prune',
  operators: ['MatMul', 'Gemm', 'Conv', 'ConvTranspose', 'Gather', 'LSTM', 'GRU'],
  options: [
    PATTERN,
    SPARSITY,
    {
      kind: 'choice',
      key: 'scope',
      label: 'Compare',
      help: 'Within each weight, or over all weights of the step: then weights of small values lose more.',
      level: 'advanced',
      timed: true,
      when: { key: 'pattern', is: ['free'] },
      choices: [
        { value: 'tensor', label: 'within each weight' },
        { value: 'global', label: 'over all weights' },
      ],
      default: 'tensor',
    },
    ZEROS,
  ],
} as const satisfies Technique;
