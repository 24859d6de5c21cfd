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
import { nf4Quantize } from '../reference/nf4.ts';
import type { BlockDevice } from './block-device.ts';
import { breathe } from './breathe.ts';
import { errorsBeside, lossesOf, paletteErrors, paletteOf } from './codebook-errors.ts';
import { type ChannelRun, countsOf, countsOfValues, type SeenInputs } from './input-counts.ts';
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
 * - `inputs` — of the weight, in the order of K; null where the choice does not ask, or none were seen
 * @throws unsupported-model by name for values that are not finite, and for levels that 16-bit
 *   floats do not hold; as `BlockDevice`
 */
export async function fitCodebook(
  name: string,
  values: Values,
  choice: CodebookChoice,
  shape: MatrixShape,
  { blocks: device }: { readonly blocks: BlockDevice },
  signal: AbortSignal,
  inputs: SeenInputs | null = null,
): Promise<FittedCodebook> {
  let nonFinite = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) nonFinite += 1;
  if (nonFinite > 0) throw notFinite(name, nonFinite);
  const fitted =
    choice.entries === 'nf4'
      ? fitNf4(values, choice, shape)
      : await fitPalettes(values, choice, shape, device, signal, inputs);
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

/**
 * One palette for each run of channels, fitted to their values, each as much as its input counts, or
 * evenly spaced where that is nearer.
 */
async function fitPalettes(
  values: Values,
  choice: CodebookChoice,
  shape: MatrixShape,
  device: BlockDevice,
  signal: AbortSignal,
  inputs: SeenInputs | null,
): Promise<FittedCodebook> {
  const count = codebookCount(choice, shape);
  const size = 2 ** choice.bits;
  const sharing = choice.channels === 'all' ? shape.N : choice.channels;
  const inner = elementCount(shape.dims.slice(shape.channelAxis + 1));
  const { counts, note: unweighed } = countsOf(choice.byInputs ? inputs : null);
  const levels = new Float32Array(count * size);
  const even = new Float32Array(count * size);
  const store = storing(choice);
  let paused = performance.now();
  for (let at = 0; at < count; at++) {
    const run = { first: at * sharing, sharing, inner };
    const own = valuesOf(values, shape, run);
    const weights = counts && countsOfValues(counts, own.length, shape, run);
    const fitted = Float32Array.from(kMeans(own, size, { weights }), store);
    keepZeros(own, fitted);
    levels.set(fitted, at * size);
    even.set(evenlySpaced(own, size, store), at * size);
    if (performance.now() - paused < PAUSE_MS) continue;
    await breathe(signal);
    paused = performance.now();
  }
  const palettes = { channels: shape.N, inner, sharing, size };
  const codes = await device.nearest(values, levels, palettes, signal);
  const evenCodes = await device.nearest(values, even, palettes, signal);
  const losses = lossesOf(values, palettes, levels, codes, counts);
  const evenLosses = lossesOf(values, palettes, even, evenCodes, counts);
  const isPlain = Array.from(losses, (loss, at) => loss > (evenLosses[at] as number));
  isPlain.forEach((isEven, at) => {
    if (isEven) levels.set(even.subarray(at * size, (at + 1) * size), at * size);
  });
  for (let i = 0; i < codes.length; i++) {
    if (isPlain[paletteOf(palettes, i)]) codes[i] = evenCodes[i] as number;
  }
  const errors = paletteErrors(values, palettes, levels, codes);
  const plain = isPlain.filter(Boolean).length;
  const evenly =
    plain > 0 ? `${plain} of ${count} palettes are evenly spaced, which was nearer` : null;
  const said = [unweighed, evenly].filter((it) => it !== null);
  return { codes, levels, errors, note: said.length > 0 ? said.join('. ') : null };
}

const PAUSE_MS = 30;

/** The values of a run of channels. */
function valuesOf(
  values: Values,
  { N }: MatrixShape,
  { first, sharing, inner }: ChannelRun,
): Values {
  const length = (Math.min(N, first + sharing) - first) * inner;
  const outer = values.length / (N * inner);
  const own = new Float32Array(outer * length);
  for (let i = 0; i < outer; i++) {
    const start = (i * N + first) * inner;
    own.set(values.subarray(start, start + length), i * length);
  }
  return own;
}

/** From the least to the largest value: what plain rounding would store. */
function evenlySpaced(values: Values, size: number, store: (x: number) => number): Values {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const w = values[i] as number;
    if (w < low) low = w;
    if (w > high) high = w;
  }
  return Float32Array.from({ length: size }, (_, i) =>
    store(low + ((high - low) * i) / (size - 1)),
  );
}

/** Where zeros are as many as an entry's share, as after pruning, one entry is 0: they stay zeros. */
function keepZeros(values: Values, entries: Values): void {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros += 1;
  if (entries.length < 4 || zeros * entries.length < values.length) return;
  let nearest = 0;
  entries.forEach((entry, i) => {
    if (Math.abs(entry) < Math.abs(entries[nearest] as number)) nearest = i;
  });
  entries[nearest] = 0;
}

const asShare = (ratio: number): string => `${Math.round(ratio * 100)} %`;
