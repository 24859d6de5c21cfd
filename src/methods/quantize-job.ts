/** One weight to quantize and how that ended, in the same words whatever computed it. */
import type { Quantized, QuantizeSpec } from '../core/quantize-spec.ts';
import { StudioError } from '../core/studio-error.ts';
import { countNonFinite } from './count-non-finite.ts';
import type { WeightSource } from './weight-source.ts';

export interface QuantizeJob {
  readonly source: WeightSource;
  readonly spec: QuantizeSpec;
}

/** The failure names the weight, the fact and the remedy. */
export type QuantizeOutcome =
  | { readonly quantized: Quantized; readonly failure: null }
  | { readonly quantized: null; readonly failure: StudioError };

/** Blocks that could not be quantized. */
export interface Faults {
  readonly nonFiniteBlocks: number;
  readonly overflowingScales: number;
}

/** What `faults` come to; null if there are none. */
export async function failureOf(
  { source, spec }: QuantizeJob,
  { nonFiniteBlocks, overflowingScales }: Faults,
): Promise<StudioError | null> {
  const { name } = source;
  if (nonFiniteBlocks > 0) return notFinite(name, await countNonFinite(source));
  if (overflowingScales === 0) return null;
  return new StudioError(
    'unsupported-model',
    spec.scaleType === 'float16'
      ? `${overflowingScales} scales of ${name} exceed 65,504, the largest 16-bit float. Choose 32-bit scales.`
      : `${overflowingScales} blocks of ${name} span more than 32-bit floats hold. Leave it alone.`,
  );
}

export const notFinite = (name: string, count: number): StudioError =>
  new StudioError(
    'unsupported-model',
    `${name} holds ${count} values that are not finite (NaN or infinite). Leave it alone or repair the model.`,
  );

const OF_THE_DEVICE: ReadonlySet<string> = new Set([
  ...['device-lost', 'gpu-failed', 'out-of-memory', 'no-webgpu', 'worker-failed'],
  ...['quota', 'no-storage', 'busy'],
]);

/** Whether a failure is one weight's own, so that the others go on; else it ends the job. */
export const isOfOneWeight = (error: unknown): error is StudioError =>
  error instanceof StudioError && !OF_THE_DEVICE.has(error.code);
