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
    {
      kind: 'choice',
      key: 'pattern',
      label: 'Pattern',
      help: '2:4 and 4:8 keep that many of each group of inputs; free pruning takes the smallest anywhere.',
      level: 'main',
      choices: [
        { value: 'free', label: 'free', phrase: '{sparsity} pruned' },
        { value: '2:4', label: '2:4' },
        { value: '4:8', label: '4:8' },
      ],
      default: 'free',
    },
    {
      kind: 'number',
      key: 'sparsity',
      label: 'Sparsity',
      help: 'Share of the values that become zero.',
      level: 'main',
      when: { key: 'pattern', is: ['free'] },
      min: 0,
      max: 0.95,
      step: 0.05,
      integer: false,
      display: 'percent',
      default: 0.5,
    },
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
