/** What the scales of activations do to the weights on both sides of them. */
import { scaledSource } from '../methods/scaled-source.ts';
import { scaledStatistics } from '../methods/scaled-statistics.ts';
import type { WeightSource } from '../methods/weight-source.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { ActivationRange } from '../reference/activation-range.ts';
import type { Calibrated } from './calibration.ts';

export interface FoundScales {
  readonly scales: Float32Array<ArrayBuffer>;
  /** Of the input once it is divided; null if it was not seen. */
  readonly range: ActivationRange | null;
  /** What a person should know of them. */
  readonly note: string;
}

/** What scales do to one weight. */
export interface WeightScaling {
  /** Of its input channels; null if they have none. */
  readonly inputs: FoundScales | null;
  /** Its output channels are divided by them; null if not. */
  readonly outputs: FoundScales | null;
}

/** By the keys of the plan's scalings. */
export type InputScales = ReadonlyMap<string, FoundScales>;

export const scalingOf = (
  { inputScaling, outputScaling }: PlannedWeight,
  found: InputScales,
): WeightScaling | null => {
  const of = (key: string | null) => (key === null ? null : (found.get(key) ?? null));
  const [inputs, outputs] = [of(inputScaling), of(outputScaling)];
  return inputs || outputs ? { inputs, outputs } : null;
};

/** Input channels times their scales, output channels divided. */
export function scaledWeight(
  source: WeightSource,
  { view }: PlannedWeight,
  scaling: WeightScaling | null,
): WeightSource {
  if (!scaling) return source;
  const { inputs, outputs } = scaling;
  return timesChannels(source, view, inputs?.scales, outputs && reciprocals(outputs.scales));
}

/** The inverse of `scaledWeight`, of what was stored. */
export const unscaledWeight = (
  stored: WeightSource,
  { view }: PlannedWeight,
  { inputs, outputs }: WeightScaling,
): WeightSource =>
  timesChannels(stored, view, inputs && reciprocals(inputs.scales), outputs?.scales);

const reciprocals = (scales: Float32Array): Float32Array => scales.map((scale) => 1 / scale);

function timesChannels(
  source: WeightSource,
  { channelAxis }: PlannedWeight['view'],
  inputs: Float32Array | null = null,
  outputs: Float32Array | null = null,
): WeightSource {
  const factors =
    channelAxis === 0 ? { rows: outputs, columns: inputs } : { rows: inputs, columns: outputs };
  return scaledSource(source, factors);
}

/** What is known of the inputs, once they come divided. */
export function scaledInputs(
  known: Calibrated | null,
  scaling: WeightScaling | null,
): Calibrated | null {
  if (!known?.statistics || !scaling?.inputs) return known;
  return { statistics: scaledStatistics(known.statistics, scaling.inputs.scales), reason: null };
}
