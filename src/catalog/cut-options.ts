/** Options of techniques that cut units away. */
import { CALIBRATION_ROWS } from './calibration-options.ts';
import type { NumberOption, OptionSpec } from './technique.ts';

export const SHARE: NumberOption = {
  kind: 'number',
  key: 'share',
  label: 'Remove',
  help: 'Share to remove of each layer; what stays is rounded to a size that kernels like.',
  level: 'main',
  min: 0.05,
  max: 0.95,
  step: 0.05,
  integer: false,
  display: 'percent',
  default: 0.5,
};

const SCOPE = {
  kind: 'choice',
  key: 'scope',
  label: 'Compare',
  help: 'Every layer loses the share, or all of them together: then each is tried alone on the calibration rows, and those lose most that the answers need least.',
  level: 'main',
  timed: true,
  when: { key: 'score', is: ['loss'] },
  choices: [
    { value: 'layer', label: 'within each layer' },
    { value: 'global', label: 'over all layers' },
  ],
  default: 'layer',
} as const satisfies OptionSpec;

const JUDGED = [
  {
    kind: 'choice',
    key: 'score',
    label: 'Keep by',
    help: 'What makes a unit worth keeping: what the rest cannot make up for, its weights times what they are given, what it gives, or its weights alone.',
    level: 'advanced',
    timed: true,
    choices: [
      { value: 'loss', label: 'least loss' },
      { value: 'wanda', label: 'weights × inputs' },
      { value: 'activations', label: 'activations' },
      { value: 'weights', label: 'weights' },
    ],
    default: 'loss',
  },
  SCOPE,
  {
    kind: 'toggle',
    key: 'reconstruct',
    label: 'Reconstruct',
    help: 'Refits the layer behind what was removed to the calibration rows: better, and slower to make.',
    level: 'main',
    timed: true,
    default: true,
  },
] as const satisfies readonly OptionSpec[];

/** Of layers that see one vector a token: a refit has as many unknowns as inputs, and few rows are learnt by heart. */
export const CUT_OPTIONS = [...JUDGED, { ...CALIBRATION_ROWS, default: 512 }] as const;

/** Of convolutions, which see hundreds of vectors a row. */
export const CUT_CHANNEL_OPTIONS = [...JUDGED, CALIBRATION_ROWS] as const;
