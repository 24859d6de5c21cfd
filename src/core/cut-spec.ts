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

export interface CutSpec {
  /** Of the units, to remove. */
  readonly share: number;
  readonly score: CutScore;
  /** Refit what the units fed by least squares on the calibration rows. */
  readonly reconstruct: boolean;
}

/** Ridge of refits, in mean energies of the inputs. */
export const REFIT_DAMPING = 0.03;

/** Kernels work on so many values at a time. */
const WIDEST_STEP = 32;

/**
 * Units that stay of `count`: the nearest multiple that kernels like (32, less for narrow axes), at
 * least one. Units of several values, such as heads, are counted singly.
 */
export function keptUnits(count: number, share: number, isWide: boolean): number {
  const step = isWide ? 1 : stepFor(count);
  const kept = Math.round((count * (1 - share)) / step) * step;
  return Math.min(count, Math.max(step, kept));
}

function stepFor(count: number): number {
  let step = 1;
  while (step < WIDEST_STEP && step * 2 <= count / 4) step *= 2;
  return step;
}
