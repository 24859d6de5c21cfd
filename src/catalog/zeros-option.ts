/** The option that every technique with zeros has. */
import type { OptionSpec } from './technique.ts';

export const ZEROS = {
  kind: 'choice',
  key: 'zeros',
  label: 'Zeros',
  help: 'Packed zeros take one bit each in the file, where that is smaller, and are put back as the runtime loads it.',
  level: 'advanced',
  choices: [
    { value: 'packed', label: 'packed' },
    { value: 'stored', label: 'stored' },
  ],
  default: 'packed',
} as const satisfies OptionSpec;
