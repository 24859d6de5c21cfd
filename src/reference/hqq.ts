/** Half-quadratic quantization: a float zero point for each group, found without data. */
import { clamp, nearestWhole, roundHalfEven } from './round.ts';

export interface HqqSpec {
  readonly bits: number;
  /** Values of a row of the weight; each row has groups of its own, of which the last may be ragged. */
  readonly rowLength: number;
  readonly groupSize: number;
  /** Round the zero that the iteration starts from. */
  readonly roundZero: boolean;
  /**
   * `hqq`: the library's default solver. `onnxruntime`: its variant, which grows β by 1 % a step,
   * adds 1e-8 inside the power, and divides by any range but 0.
   */
  readonly variant: 'hqq' | 'onnxruntime';
}

export interface HqqZeros {
  /** float64 [groups]; steps between levels. */
  readonly steps: Float64Array<ArrayBuffer>;
  /** float64 [groups]; the code of 0, not rounded. */
  readonly zeros: Float64Array<ArrayBuffer>;
  readonly iterations: number;
}

export const HQQ_NORM = 0.7;
export const HQQ_BETA = 10;
const GROWTH = 1.01;
export const HQQ_ITERATIONS = 20;
/** Values between breaths. */
const PIECE = 2 ** 17;
const LARGEST_INVERSE = 2e4;
const LEAST_RANGE = 1e-4;

/**
 * The zero points that make Σ|w − ŵ|^0.7 small: e = shrink(w − ŵ), then the zero is the mean of
 * q − (w − e) / step, until the mean |w − ŵ| over all groups stops falling, at most 20 times.
 * - `weight` — float32 [rows, rowLength]
 * @see https://mobiusml.github.io/hqq_blog/
 */
export function hqqZeros(weight: Float32Array, spec: HqqSpec): HqqZeros {
  const steps = hqqSteps(weight, spec);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** `hqqZeros` in pieces of at most some milliseconds, for whoever has to breathe between them. */
export function* hqqSteps(
  weight: Float32Array,
  spec: HqqSpec,
): Generator<void, HqqZeros, undefined> {
  const rowGroups = Math.ceil(spec.rowLength / spec.groupSize);
  const groups = (weight.length / spec.rowLength) * rowGroups;
  const state = { steps: new Float64Array(groups), zeros: new Float64Array(groups) };
  for (let g = 0; g < groups; g++) {
    const [start, end] = groupBounds(g, spec);
    const { step, zero } = hqqStart(weight.subarray(start, end), spec);
    state.steps[g] = step;
    state.zeros[g] = zero;
  }
  const piece = Math.max(1, Math.floor(PIECE / spec.groupSize));
  let best = Number.POSITIVE_INFINITY;
  let iterations = 0;
  let beta = HQQ_BETA;
  while (iterations < HQQ_ITERATIONS) {
    let error = 0;
    for (let first = 0; first < groups; first += piece) {
      error += hqqStep(weight, state, spec, beta, first, Math.min(groups, first + piece));
      yield;
    }
    iterations += 1;
    if (spec.variant === 'onnxruntime') beta *= GROWTH;
    if (!(error < best)) break;
    best = error;
  }
  return { ...state, iterations };
}

/** Where group `g` starts and ends. */
export function groupBounds(
  g: number,
  { rowLength, groupSize }: Pick<HqqSpec, 'rowLength' | 'groupSize'>,
): readonly [number, number] {
  const rowGroups = Math.ceil(rowLength / groupSize);
  const row = Math.floor(g / rowGroups) * rowLength;
  const first = (g % rowGroups) * groupSize;
  return [row + first, row + Math.min(rowLength, first + groupSize)];
}

/** The range of a group as its levels, before any iteration. */
export function hqqStart(
  group: Float32Array,
  { bits, roundZero, variant }: HqqSpec,
): { readonly step: number; readonly zero: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const w of group) {
    low = Math.min(low, w);
    high = Math.max(high, w);
  }
  const range = high - low;
  const isFlat = variant === 'hqq' ? range <= LEAST_RANGE : range === 0;
  const inverse = isFlat ? 1 : Math.min((2 ** bits - 1) / range, LARGEST_INVERSE);
  const zero = -low * inverse;
  return { step: 1 / inverse, zero: roundZero ? roundHalfEven(zero) : zero };
}

/**
 * One iteration over the groups `[first, end)`: moves `zeros`.
 * @returns Σ|w − ŵ| before it
 */
function hqqStep(
  weight: Float32Array,
  { steps, zeros }: Omit<HqqZeros, 'iterations'>,
  spec: HqqSpec,
  beta: number,
  first: number,
  end: number,
): number {
  const { bits, variant } = spec;
  const top = 2 ** bits - 1;
  const offset = variant === 'onnxruntime' ? 1e-8 : 0;
  let total = 0;
  for (let g = first; g < end; g++) {
    const [start, stop] = groupBounds(g, spec);
    const step = steps[g]!;
    const zero = zeros[g]!;
    let sum = 0;
    for (let i = start; i < stop; i++) {
      const w = weight[i]!;
      const q = clamp(nearestWhole(w / step + zero), 0, top);
      const rest = w - (q - zero) * step;
      total += Math.abs(rest);
      sum += q - (w - shrink(rest, beta, offset)) / step;
    }
    zeros[g] = sum / (stop - start);
  }
  return total;
}

/** The proximal operator of |x|^0.7 / β: sign(x) · max(|x| − |x|^(−0.3) / β, 0). */
export function shrink(x: number, beta: number, offset = 0): number {
  const size = Math.abs(x);
  const rest = size - (size + offset) ** (HQQ_NORM - 1) / beta;
  return rest > 0 ? Math.sign(x) * rest : 0;
}
