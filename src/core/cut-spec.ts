/** How units of a model are judged and cut away. */

export type CutScore =
  /** What refitting cannot make up for, unit after unit: Optimal Brain Surgeon for structures. */
  | 'loss'
  /** Norms of the unit's weights: needs no data. */
  | 'weights'
  /** Norm of what the unit gives over the calibration rows. */
  | 'activations'
  /** Sum of |weight| × norm of its input, over the weights that the unit feeds. */
  | 'wanda';

export type CutScope = 'layer' | 'global';

export interface CutSpec {
  /** Of the units, to remove. */
  readonly share: number;
  /** `global`: of all layers that the step cuts, more where that costs the answers less. */
  readonly scope: CutScope;
  readonly score: CutScore;
  /** Refit what the units fed by least squares on the calibration rows. */
  readonly reconstruct: boolean;
}

/** Ridge of refits, in mean energies of the inputs. */
export const REFIT_DAMPING = 0.03;

/** Kernels work on so many values at a time. */
const WIDEST_STEP = 32;

/** What rounding may add to a share. */
const SLACK = 1e-9;

/**
 * Units that stay of `count`: the nearest multiple that kernels like (32, less for narrow axes), at
 * least one. Where layers share what goes no layer begins with more than the share: of two heads a
 * third is none. Units of several values, such as heads, are counted singly.
 */
export function keptUnits(
  count: number,
  { share, scope }: Pick<CutSpec, 'share' | 'scope'>,
  isWide: boolean,
): number {
  const step = unitStep(count, isWide);
  const steps = (count * (1 - share)) / step;
  const kept = (scope === 'global' ? Math.ceil(steps - SLACK) : Math.round(steps)) * step;
  return Math.min(count, Math.max(step, kept));
}

/** Units that go or stay together. */
export function unitStep(count: number, isWide: boolean): number {
  let step = 1;
  if (isWide) return step;
  while (step < WIDEST_STEP && step * 2 <= count / 4) step *= 2;
  return step;
}
