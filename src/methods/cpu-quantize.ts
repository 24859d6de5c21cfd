/** Quantizing by the reference on this thread, some channels at a time. */

import { allFinite } from '../core/all-finite.ts';
import { float16Value } from '../core/float16.ts';
import { type Quantized, type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { quantize } from '../reference/quantize.ts';
import { breathe } from './breathe.ts';
import { addErrors, NO_ERRORS } from './errors.ts';
import type { RunOptions } from './executor.ts';
import type { QuantizeJob } from './quantize-job.ts';
import { failureOf, isOfOneWeight, type QuantizeOutcome } from './quantize-job.ts';
import { readElements, readValues } from './read-values.ts';

/** Some ten milliseconds of work; a clip search tries 80 ranges. */
const CHUNK = 2 ** 18;
const CLIP_CHUNK = 2 ** 14;

export async function quantizeOnCpu(
  jobs: readonly QuantizeJob[],
  { signal, onOutcome, onProgress }: RunOptions,
): Promise<void> {
  for (const [index, job] of jobs.entries()) {
    const outcome = await quantizeOne(job, signal, (share) => onProgress?.(index, share));
    await onOutcome(index, outcome);
  }
}

async function quantizeOne(
  job: QuantizeJob,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<QuantizeOutcome> {
  const { source, spec } = job;
  const { K, N, transposed, clip = false } = spec;
  const step = Math.max(1, Math.floor((clip ? CLIP_CHUNK : CHUNK) / K));
  const joined = new JoinedChannels(spec);
  let overflowingScales = 0;
  try {
    const whole = transposed ? null : await readValues(source, signal);
    for (let first = 0; first < N; first += step) {
      const count = Math.min(step, N - first);
      const values = whole
        ? columnsOf(whole, spec, first, count)
        : await readElements(source, first * K, count * K);
      if (!allFinite(values)) {
        const failure = await failureOf(job, { nonFiniteBlocks: 1, overflowingScales: 0 });
        if (failure) return { quantized: null, failure };
      }
      const part = quantize(values, { ...spec, N: count });
      overflowingScales += countInfinite(part.scales, spec.scaleType);
      joined.add(first, count, part);
      await breathe(signal);
      onShare((first + count) / N);
    }
  } catch (error) {
    if (isOfOneWeight(error)) return { quantized: null, failure: error };
    throw error;
  }
  const failure = await failureOf(job, { nonFiniteBlocks: 0, overflowingScales });
  return failure ? { quantized: null, failure } : { quantized: joined.finish(), failure: null };
}

/** Channels `[first, first + count)` of a weight [K, N]. */
function columnsOf(
  whole: Float32Array<ArrayBuffer>,
  { K, N }: QuantizeSpec,
  first: number,
  count: number,
): Float32Array<ArrayBuffer> {
  if (count === N) return whole;
  const part = new Float32Array(K * count);
  for (let k = 0; k < K; k++) {
    part.set(whole.subarray(k * N + first, k * N + first + count), k * count);
  }
  return part;
}

function countInfinite(scales: Uint8Array, type: QuantizeSpec['scaleType']): number {
  const view = new DataView(scales.buffer, scales.byteOffset, scales.byteLength);
  const width = type === 'float16' ? 2 : 4;
  let count = 0;
  for (let at = 0; at < scales.length; at += width) {
    const scale = width === 2 ? float16Value(view.getUint16(at, true)) : view.getFloat32(at, true);
    if (!Number.isFinite(scale)) count += 1;
  }
  return count;
}

/** Puts the results of runs of channels together to what the spec promises. */
class JoinedChannels {
  readonly #spec: QuantizeSpec;
  readonly #codes: Uint8Array<ArrayBuffer>;
  readonly #scales: Uint8Array<ArrayBuffer>;
  readonly #zeroPoints: Uint8Array<ArrayBuffer> | null;
  #errors = NO_ERRORS;

  constructor(spec: QuantizeSpec) {
    const layout = quantizedLayout(spec);
    this.#spec = spec;
    this.#codes = new Uint8Array(layout.codesByteLength);
    this.#scales = new Uint8Array(layout.scalesByteLength);
    this.#zeroPoints = spec.symmetric ? null : new Uint8Array(layout.zeroPointsByteLength);
  }

  add(first: number, count: number, { codes, scales, zeroPoints, errors }: Quantized): void {
    this.#place(codes, this.#codes, first, count, 1);
    const scaleBytes = this.#spec.scaleType === 'float16' ? 2 : 4;
    this.#place(scales, this.#scales, first, count, scaleBytes);
    if (zeroPoints && this.#zeroPoints) this.#place(zeroPoints, this.#zeroPoints, first, count, 1);
    this.#errors = addErrors(this.#errors, errors);
  }

  finish(): Quantized {
    return {
      ...{ codes: this.#codes, scales: this.#scales },
      ...{ zeroPoints: this.#zeroPoints, errors: this.#errors },
    };
  }

  /** `columns` lie [rows, N], all else [N, row bytes]. */
  #place(part: Uint8Array, whole: Uint8Array, first: number, count: number, width: number): void {
    const { N, packing } = this.#spec;
    if (packing !== 'columns') {
      whole.set(part, first * (whole.length / N));
      return;
    }
    const length = count * width;
    for (let from = 0, to = first * width; from < part.length; from += length, to += N * width) {
      whole.set(part.subarray(from, from + length), to);
    }
  }
}
