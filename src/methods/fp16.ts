/** Storing values as they are in another float type: 16-bit floats, or factors of a weight. */
import { assert } from '../core/assert.ts';
import { float16Bits, float16Value } from '../core/float16.ts';
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
  values: Float32Array,
  target: Uint16Array,
  sums: { sumSquares: number; sumSquaredError: number; maxAbsError: number },
  faults: { nonFinite: number; overflowing: number },
): void {
  for (let i = 0; i < values.length; i++) {
    const w = values[i] as number;
    if (!Number.isFinite(w)) faults.nonFinite += 1;
    else if (Math.abs(w) > LARGEST_FLOAT16) faults.overflowing += 1;
    const bits = float16Bits(w);
    target[i] = bits;
    const error = Math.abs(w - float16Value(bits));
    sums.sumSquares += w * w;
    sums.sumSquaredError += error * error;
    if (error > sums.maxAbsError) sums.maxAbsError = error;
  }
}

/** float16 bytes as float32. */
export const widened = (values: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
  Float32Array.from(
    new Uint16Array(values.buffer, values.byteOffset, values.byteLength >> 1),
    float16Value,
  );
