/** What the tests of `rtn.ts` share. */
import { expect } from 'vitest';
import { assert } from '../../core/assert.ts';
import type { Quantized, QuantizeSpec } from '../../core/quantize-spec.ts';
import type { Random } from '../../core/random.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { QuantizeOutcome } from '../quantize-job.ts';
import { RtnPipeline } from '../rtn.ts';
import type { SourceDType, WeightSource } from '../weight-source.ts';

const SMALLEST_NORMAL = 2 ** -126;

/** Ways to find codes, each with the bits that it is for. */
export const RULES = [
  ['matmul-nbits', 2],
  ['matmul-nbits', 4],
  ['matmul-nbits', 8],
  ['gather', 2],
  ['gather', 4],
  ['gather', 8],
  ['int8', 4],
  ['int8', 8],
] as const;

export const symmetries = (rule: QuantizeSpec['rule'], bits: number) =>
  rule === 'int8' && bits === 4 ? [true] : [false, true];

export const never = new AbortController().signal;

export function sourceOf(
  values: Float32Array | Float64Array | Uint16Array,
  dtype: SourceDType = 'float32',
): WeightSource {
  const { buffer, byteOffset } = values;
  return {
    name: 'w',
    dtype,
    dims: [values.length],
    read: async (start, end) => buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer,
  };
}

export async function outcomesOf(
  by: RtnPipeline,
  jobs: readonly { weight: Float32Array; spec: QuantizeSpec }[],
): Promise<QuantizeOutcome[]> {
  const outcomes: QuantizeOutcome[] = [];
  await by.run(
    jobs.map(({ weight, spec }) => ({ source: sourceOf(weight), spec })),
    {
      signal: never,
      onOutcome: (index, outcome) => {
        expect(index).toBe(outcomes.length);
        outcomes.push(outcome);
      },
    },
  );
  return outcomes;
}

/** Quantizes one weight; see `RtnPipeline.run`. */
export async function quantizeOnGpu(
  gpu: Gpu,
  source: WeightSource,
  spec: QuantizeSpec,
  signal: AbortSignal,
): Promise<Quantized> {
  using pipeline = new RtnPipeline(gpu);
  const outcomes: QuantizeOutcome[] = [];
  const onOutcome = (_: number, outcome: QuantizeOutcome) => void outcomes.push(outcome);
  await pipeline.run([{ source, spec }], { signal, onOutcome });
  const [outcome] = outcomes;
  assert(outcome, 'a finished run reports its job');
  if (outcome.failure) throw outcome.failure;
  return outcome.quantized;
}

/** Bytes and largest error equal; sums within the rounding of float32 additions. */
export function expectEqual(own: Quantized | null, wanted: Quantized, elements: number): void {
  expect(own?.scales).toEqual(wanted.scales);
  expect(own?.zeroPoints).toEqual(wanted.zeroPoints);
  expect(own?.codes).toEqual(wanted.codes);
  const worst = wanted.errors.maxAbsError;
  if (worst >= SMALLEST_NORMAL) expect(own?.errors.maxAbsError).toBe(worst);
  else expect(own?.errors.maxAbsError).toBeLessThan(SMALLEST_NORMAL); // may be flushed to 0
  const relative = Math.min(elements, 2 ** 12) * 2 ** -24;
  for (const key of ['sumSquares', 'sumSquaredError'] as const) {
    const difference = Math.abs((own?.errors[key] ?? Number.NaN) - wanted.errors[key]);
    expect(difference).toBeLessThanOrEqual(wanted.errors[key] * relative + SMALLEST_NORMAL);
  }
}

/** Values that sit on or beside ties, zeros, subnormals, outliers, and plain normal ones. */
export function awkward(length: number, random: Random): Float32Array<ArrayBuffer> {
  const scale = 2 ** (random.below(40) - 30);
  return Float32Array.from({ length }, () => {
    const kind = random.below(16);
    if (kind === 0) return 0;
    if (kind === 1) return (random.below(511) - 255) * 0.5 * scale;
    if (kind === 2) return (random.below(511) - 255) * 0.5 * scale * (1 + 2 ** -23);
    if (kind === 3) return random.normal() * 2 ** -140;
    return random.normal() * scale;
  });
}
