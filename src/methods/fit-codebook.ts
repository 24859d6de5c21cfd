/** Codes of a weight whose values are entries of a codebook: NormalFloat, or fitted by k-means. */
import { codebookCount, codeOrder } from '../catalog/codebook-layout.ts';
import type { CodebookChoice } from '../catalog/encodings.ts';
import type { MatrixShape } from '../catalog/matrix-shape.ts';
import { float16Bits, float16Value } from '../core/float16.ts';
import { NF4_VALUES } from '../core/nf4-values.ts';
import type { ErrorStatistics } from '../core/quantize-spec.ts';
import { elementCount } from '../core/shape.ts';
import { StudioError } from '../core/studio-error.ts';
import { kMeans } from '../reference/k-means.ts';
import { nearestEntries } from '../reference/nearest-entries.ts';
import { nf4Quantize } from '../reference/nf4.ts';
import { breathe } from './breathe.ts';
import { notFinite } from './quantize-job.ts';

type Values = Float32Array<ArrayBuffer>;

export interface FittedCodebook {
  /** uint8 [K · N], in the order of `codeOrder`. */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** float32 as stored: magnitudes of blocks, or entries [codebooks, 2^bits]. */
  readonly levels: Values;
  readonly errors: ErrorStatistics;
  readonly note: string | null;
}

/**
 * - `name` — of the weight, for messages; `values` — float32, in the order of the constant's axes
 * @throws unsupported-model by name for values that are not finite, and for levels that 16-bit
 *   floats do not hold; the signal's reason when it aborts
 */
export async function fitCodebook(
  name: string,
  values: Values,
  choice: CodebookChoice,
  shape: MatrixShape,
  signal: AbortSignal,
): Promise<FittedCodebook> {
  const nonFinite = values.reduce((count, w) => count + (Number.isFinite(w) ? 0 : 1), 0);
  if (nonFinite > 0) throw notFinite(name, nonFinite);
  const fitted =
    choice.entries === 'nf4'
      ? fitNf4(values, choice, shape)
      : await fitPalettes(values, choice, shape, signal);
  const infinite = fitted.levels.reduce((count, x) => count + (Number.isFinite(x) ? 0 : 1), 0);
  if (infinite === 0) return fitted;
  throw new StudioError(
    'unsupported-model',
    `${infinite} levels of ${name} exceed 65,504, the largest 16-bit float. Choose 32-bit values.`,
  );
}

const storing = ({ scaleType }: CodebookChoice) =>
  scaleType === 'float16' ? (x: number) => float16Value(float16Bits(x)) : Math.fround;

function fitNf4(values: Values, choice: CodebookChoice, shape: MatrixShape): FittedCodebook {
  const own = codeOrder(choice, shape) === 'rows' ? rowsOf(values, shape) : values;
  const blockSize = choice.blockSize ?? own.length;
  const { codes, magnitudes } = nf4Quantize(own, blockSize, storing(choice));
  const errors = errorsBeside(own, (i) => {
    return (NF4_VALUES[codes[i] as number] ?? 0) * (magnitudes[Math.floor(i / blockSize)] ?? 0);
  });
  const plain = plainError(own, blockSize);
  const isWorse = plain < errors.sumSquaredError;
  const note = isWorse
    ? `Evenly spaced levels in the same blocks would be nearer: ${asShare(errors.sumSquaredError / plain)} of their squared error`
    : null;
  return { codes, levels: magnitudes, errors, note };
}

/** Σe² of 15 evenly spaced levels from −m to m in blocks of largest magnitude m. */
function plainError(values: Values, blockSize: number): number {
  let sum = 0;
  for (let start = 0; start < values.length; start += blockSize) {
    const end = Math.min(values.length, start + blockSize);
    let largest = 0;
    for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(values[i] as number));
    const step = largest / 7 || 1;
    for (let i = start; i < end; i++) {
      const w = values[i] as number;
      sum += (w - Math.round(w / step) * step) ** 2;
    }
  }
  return sum;
}

/** [K, N] → [N, K]. */
function rowsOf(values: Values, { K, N }: MatrixShape): Values {
  const rows = new Float32Array(values.length);
  for (let k = 0, from = 0; k < K; k++) {
    for (let n = 0; n < N; n++, from++) rows[n * K + k] = values[from] as number;
  }
  return rows;
}

/** One palette for each run of channels, fitted to their values. */
async function fitPalettes(
  values: Values,
  choice: CodebookChoice,
  shape: MatrixShape,
  signal: AbortSignal,
): Promise<FittedCodebook> {
  const { bits } = choice;
  const count = codebookCount(choice, shape);
  const size = 2 ** bits;
  const codes = new Uint8Array(values.length);
  const levels = new Float32Array(count * size);
  let plain = 0;
  let paused = performance.now();
  for (let at = 0; at < count; at++) {
    const runs = runsOf(choice, shape, at);
    const own = new Float32Array(runs.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const { start, length } of runs) {
      own.set(values.subarray(start, start + length), filled);
      filled += length;
    }
    const palette = paletteOf(own, size, storing(choice));
    if (palette.isPlain) plain += 1;
    levels.set(palette.entries, at * size);
    let taken = 0;
    for (const { start, length } of runs) {
      codes.set(palette.codes.subarray(taken, taken + length), start);
      taken += length;
    }
    if (performance.now() - paused < PAUSE_MS) continue;
    await breathe(signal);
    paused = performance.now();
  }
  const inner = elementCount(shape.dims.slice(shape.channelAxis + 1));
  const shared = choice.channels === 'all' ? shape.N : choice.channels;
  const errors = errorsBeside(values, (i) => {
    const palette = Math.floor((Math.floor(i / inner) % shape.N) / shared);
    return levels[palette * size + (codes[i] as number)] ?? 0;
  });
  const note =
    plain > 0 ? `${plain} of ${count} palettes are evenly spaced, which was nearer` : null;
  return { codes, levels, errors, note };
}

const PAUSE_MS = 30;

/** Where the values of a codebook's channels lie, in ascending order. */
function runsOf(
  { channels }: CodebookChoice,
  { dims, channelAxis, N }: MatrixShape,
  codebook: number,
): { readonly start: number; readonly length: number }[] {
  const inner = elementCount(dims.slice(channelAxis + 1));
  const outer = elementCount(dims.slice(0, channelAxis));
  const shared = channels === 'all' ? N : channels;
  const first = codebook * shared;
  const length = (Math.min(N, first + shared) - first) * inner;
  return Array.from({ length: outer }, (_, i) => ({ start: (i * N + first) * inner, length }));
}

interface Palette {
  readonly entries: Values;
  readonly codes: Uint8Array<ArrayBuffer>;
  /** Evenly spaced from the least to the largest value, because that is nearer. */
  readonly isPlain: boolean;
}

function paletteOf(values: Values, size: number, store: (x: number) => number): Palette {
  const fitted = Float32Array.from(kMeans(values, size), store);
  keepZeros(values, fitted);
  const own = { entries: fitted, codes: nearestEntries(values, fitted), isPlain: false };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const w of values) {
    low = Math.min(low, w);
    high = Math.max(high, w);
  }
  const even = Float32Array.from({ length: size }, (_, i) =>
    store(low + ((high - low) * i) / (size - 1)),
  );
  const plain = { entries: even, codes: nearestEntries(values, even), isPlain: true };
  return inertia(values, plain) < inertia(values, own) ? plain : own;
}

/** Where zeros are as many as an entry's share, as after pruning, one entry is 0: they stay zeros. */
function keepZeros(values: Values, entries: Values): void {
  const zeros = values.reduce((count, w) => count + (w === 0 ? 1 : 0), 0);
  if (entries.length < 4 || zeros * entries.length < values.length) return;
  let nearest = 0;
  entries.forEach((entry, i) => {
    if (Math.abs(entry) < Math.abs(entries[nearest] as number)) nearest = i;
  });
  entries[nearest] = 0;
}

function inertia(values: Values, { entries, codes }: Palette): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += ((values[i] as number) - (entries[codes[i] as number] as number)) ** 2;
  }
  return sum;
}

function errorsBeside(values: Values, stored: (index: number) => number): ErrorStatistics {
  let [sumSquares, sumSquaredError, maxAbsError] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const w = values[i] as number;
    const error = Math.abs(w - Math.fround(stored(i)));
    sumSquares += w * w;
    sumSquaredError += error * error;
    if (error > maxAbsError) maxAbsError = error;
  }
  return { sumSquares, sumSquaredError, maxAbsError };
}

const asShare = (ratio: number): string => `${Math.round(ratio * 100)} %`;
