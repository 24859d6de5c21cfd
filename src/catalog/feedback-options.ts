/** Options of techniques that spread errors over the inputs that come after. */
import type { OptionSpec } from './technique.ts';

export const DAMPING = {
  kind: 'number',
  key: 'damping',
  label: 'Damping',
  help: 'How little to trust the calibration rows, as a share of the mean square of an input.',
  level: 'advanced',
  min: 0.001,
  max: 1,
  step: 0.001,
  integer: false,
  display: 'plain',
  default: 0.01,
} as const satisfies OptionSpec;
