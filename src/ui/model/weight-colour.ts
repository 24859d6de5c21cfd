import type { Family } from '../../catalog/technique.ts';
import type { WeightState } from './weight-state.ts';

type Shown = Pick<WeightState, 'family' | 'bits'>;

/** Families that look as another does. */
const SAME_LOOK: Readonly<Partial<Record<Family, Family>>> = {
  transform: 'quantize',
  residual: 'factorize',
};

/** Token of the solid part: "q4" by bits where values are quantized, else the family; tint "q4-t". */
export function weightColour({ family, bits }: Shown): string {
  if (family === null) return 'plain';
  const look = SAME_LOOK[family] ?? family;
  if (look !== 'quantize') return look;
  return [2, 4, 8, 16].includes(bits) ? `q${bits}` : 'q16';
}

const WORDS: Readonly<Record<Exclude<Family, 'quantize'>, string>> = {
  reshape: 'reshaped',
  transform: 'transformed',
  prune: 'pruned',
  factorize: 'low rank',
  share: 'shared',
  residual: 'with a residual',
  distill: 'distilled',
};

/** What the colour stands for, in the legend. */
export function weightWords({ family, bits }: Shown): string {
  if (family === null) return 'as it was';
  if (family !== 'quantize') return WORDS[family];
  return bits >= 16 ? `fp${bits}` : `int${bits}`;
}
