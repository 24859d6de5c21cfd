/** Options of techniques that look at calibration rows. */
import type { OptionSpec } from './technique.ts';

export const CALIBRATION_ROWS = {
  kind: 'number',
  key: 'rows',
  label: 'Calibration rows',
  help: 'Rows of the calibration data that are looked at, at most. More are steadier and take longer.',
  level: 'advanced',
  timed: true,
  min: 8,
  max: 512,
  step: 8,
  integer: true,
  display: 'plain',
  default: 128,
} as const satisfies OptionSpec;
