/** Storing values as they are in another float type: 16-bit floats, or factors of a weight. */
import { assert } from '../core/assert.ts';
import { float16Bits, widenFloat16 } from '../core/float16.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import { breathe } from './breathe.ts';
import { notFinite } from './quantize-job.ts';
import { readElements } from './read-values.ts';
import { SOURCE_BYTES, type SourceDType, type WeightSource } from './weight-source.ts';

const CHUNK = 2 ** 20;
const LARGEST_FLOAT16 = 65_504;

export interface StoredFloats {
  /** Little-endian, in the weight's order. */
  readonly values: Uint8Array<ArrayBuffer>;
  readonly errors: ErrorStatistics;
}

/**
 * The values in `dtype`: the weight's own type unchanged, float16 rounded half to even, or float32
 * widened to float64.
 * @throws unsupported-model by name for values that float16 does not hold (over 65,504) and, of
 *   16-bit floats, for values that are not finite; the signal's reason when it aborts
 */
export async function storeFloats(
  source: WeightSource,
  dtype: SourceDType,
  signal: AbortSignal,
  chunk = CHUNK,
): Promise<StoredFloats> {
  const length = elementCount(source.dims);
  const width = SOURCE_BYTES[dtype];
  const values = new Uint8Array(length * width);
  const sums = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };
  const faults = { nonFinite: 0, overflowing: 0 };
  for (let first = 0; first < length; first += chunk) {
    const count = Math.min(chunk, length - first);
    if (dtype === source.dtype) {
      const bytes = await source.read(width * first, width * (first + count));
      values.set(new Uint8Array(bytes), width * first);
    } else if (dtype === 'float16') {
      const target = new Uint16Array(values.buffer, width * first, count);
      narrow(await readElements(source, first, count), target, sums, faults);
    } else {
      assert(dtype === 'float64' && source.dtype === 'float32', `${source.dtype} as ${dtype}`);
      const target = new Float64Array(values.buffer, width * first, count);
      target.set(await readElements(source, first, count));
    }
    await breathe(signal);
  }
  if (faults.nonFinite > 0) throw notFinite(source.name, faults.nonFinite);
  if (faults.overflowing > 0) {
    throw new StudioError(
      'unsupported-model',
      `${faults.overflowing} values of ${source.name} exceed 65,504, the largest 16-bit float. Leave it alone.`,
    );
  }
  return { values, errors: sums };
}

function narrow(
  values: Float32Array<ArrayBuffer>,
  target: Uint16Array<ArrayBuffer>,
  sums: { sumSquares: number; sumSquaredError: number; maxAbsError: number },
  faults: { nonFinite: number; overflowing: number },
): void {
  for (let i = 0; i < values.length; i++) target[i] = float16Bits(values[i] as number);
  const stored = widenedWords(target);
  let { sumSquares, sumSquaredError, maxAbsError } = sums;
  for (let i = 0; i < values.length; i++) {
    const w = values[i] as number;
    const magnitude = Math.abs(w);
    if (!(magnitude <= LARGEST_FLOAT16)) {
      if (Number.isFinite(w)) faults.overflowing += 1;
      else faults.nonFinite += 1;
    }
    const error = Math.abs(w - (stored[i] as number));
    sumSquares += w * w;
    sumSquaredError += error * error;
    if (error > maxAbsError) maxAbsError = error;
  }
  Object.assign(sums, { sumSquares, sumSquaredError, maxAbsError });
}

function widenedWords(halves: Uint16Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(halves.length);
  widenFloat16(halves, words);
  return new Float32Array(words.buffer);
}

/** float16 bytes as float32. */
export const widened = ({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>) =>
  widenedWords(new Uint16Array(buffer, byteOffset, byteLength >> 1));
