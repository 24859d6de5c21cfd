/** Options that every technique has that sets values to zero. */
import type { OptionSpec } from './technique.ts';

export const PATTERN = {
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
} as const satisfies OptionSpec;

export const SPARSITY = {
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
} as const satisfies OptionSpec;
