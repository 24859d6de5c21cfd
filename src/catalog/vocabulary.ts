import type { Technique } from './technique.ts';

export const vocabulary = {
  id: 'vocabulary',
  label: 'Trim vocabulary',
  summary:
    'Drops tokens that your calibration texts never use; the download has the tokenizer to match.',
  phrase: 'trimmed vocabulary',
  paper: { label: 'Abdaoui 2020', url: 'https://aclanthology.org/2020.sustainlp-1.16/' },
  family: 'reshape',
  operators: ['Gather'],
  options: [],
} as const satisfies Technique;
