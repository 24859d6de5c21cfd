/** How the rank of factors is chosen: options of every technique that factorizes. */
import type { OptionSpec } from './technique.ts';

export const RANK_BY = {
  kind: 'choice',
  key: 'by',
  label: 'Rank by',
  help: 'Energy adapts the rank to each weight; budget and rank are known before running.',
  level: 'main',
  timed: true,
  choices: [
    { value: 'energy', label: 'energy', phrase: 'by energy {energy}' },
    { value: 'budget', label: 'budget', phrase: 'by budget {budget}' },
    { value: 'rank', label: 'rank', phrase: '{rank}' },
  ],
  default: 'energy',
} as const satisfies OptionSpec;

export const ENERGY = {
  kind: 'number',
  key: 'energy',
  label: 'Energy',
  help: 'Share of the squared values that the factors keep.',
  level: 'main',
  timed: true,
  when: { key: 'by', is: ['energy'] },
  min: 0.5,
  max: 1,
  step: 0.01,
  integer: false,
  display: 'percent',
  default: 0.95,
} as const satisfies OptionSpec;

const BUDGET = {
  kind: 'number',
  key: 'budget',
  label: 'Budget',
  help: 'Share of the values that the two factors may have together.',
  level: 'main',
  timed: true,
  when: { key: 'by', is: ['budget'] },
  min: 0.05,
  max: 1,
  step: 0.05,
  integer: false,
  display: 'percent',
  default: 0.5,
} as const satisfies OptionSpec;

const RANK = {
  kind: 'number',
  key: 'rank',
  label: 'Rank',
  help: 'Columns of the first factor and rows of the second.',
  level: 'main',
  timed: true,
  when: { key: 'by', is: ['rank'] },
  min: 1,
  max: 4096,
  step: 1,
  integer: true,
  display: 'plain',
  default: 64,
} as const satisfies OptionSpec;

const SCOPE = {
  kind: 'choice',
  key: 'scope',
  label: 'Compare',
  help: 'The budget is each weight’s own, or one for all weights of the step: then ranks go where they take away most error.',
  level: 'main',
  timed: true,
  when: { key: 'by', is: ['budget'] },
  choices: [
    { value: 'tensor', label: 'within each weight' },
    { value: 'global', label: 'over all weights' },
  ],
  default: 'tensor',
} as const satisfies OptionSpec;

/** What follows `RANK_BY` and the technique's own `ENERGY`. */
export const RANKS = [BUDGET, SCOPE, RANK] as const;
