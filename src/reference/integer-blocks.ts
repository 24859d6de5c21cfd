/**
 * Codes of blocks whose scale and zero point a solver has found, beside plain rounding of the same
 * blocks: each block keeps what has the smaller squared error.
 */
import { float16Bits, float16Value } from '../core/float16.ts';
import { type Quantized, type QuantizeSpec, quantizedLayout } from '../core/quantize-spec.ts';
import { type BlockParameters, blockParameters } from './block-parameters.ts';
import { packCodes, packZeroPoints } from './packing.ts';
import { storeScales } from './quantize.ts';
import { quantizeElement } from './quantize-element.ts';
import { clamp, nearestWhole } from './round.ts';

/** A finite scale that is not 0, and an integer zero point; before the scale is stored. */
export type BlockSolver = (values: Float32Array, block: number) => BlockParameters;

/** Blocks channel by channel, as far as they are done. */
export class SolvedBlocks {
  readonly #spec: QuantizeSpec;
  readonly #codes: Uint8Array<ArrayBuffer>;
  readonly #parameters: BlockParameters[] = [];
  readonly #errors = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };
  #solved = 0;

  /** - `spec` — asymmetric; of a weight that lies [N, K], whatever `spec.transposed` says */
  constructor(spec: QuantizeSpec) {
    this.#spec = spec;
    this.#codes = new Uint8Array(spec.N * spec.K);
  }

  get count(): number {
    return this.#parameters.length;
  }

  /** Blocks that keep the solver's scale and zero point. */
  get solved(): number {
    return this.#solved;
  }

  get infiniteScales(): number {
    return this.#parameters.filter(({ scale }) => !Number.isFinite(scale)).length;
  }

  /** The next block of the weight: `values` — float32, finite. */
  add(values: Float32Array, solve: BlockSolver): void {
    const spec = this.#spec;
    const plain = roundedBlock(values, spec);
    const block = this.#parameters.length;
    const parameters = asStored(solve(values, block), spec);
    const own = codesBy(values, parameters, (w) => nearestCode(w, parameters, spec.bits));
    const isSolved = own.sum < plain.sum;
    const kept = isSolved ? { ...own, parameters } : plain;
    const { blockSize, blockCount } = quantizedLayout(spec);
    const start = Math.floor(block / blockCount) * spec.K + (block % blockCount) * blockSize;
    this.#codes.set(kept.codes, start);
    this.#parameters.push(kept.parameters);
    if (isSolved) this.#solved += 1;
    this.#errors.sumSquaredError += kept.sum;
    this.#errors.maxAbsError = Math.max(this.#errors.maxAbsError, kept.largest);
    for (const w of values) this.#errors.sumSquares += w * w;
  }

  finish(): Quantized {
    const spec = this.#spec;
    const zeroPoints = Uint8Array.from(this.#parameters, ({ zeroPoint }) => zeroPoint);
    return {
      codes: packCodes(this.#codes, spec),
      scales: storeScales(this.#parameters, spec),
      zeroPoints: packZeroPoints(zeroPoints, spec),
      errors: this.#errors,
    };
  }
}

/** Every block of `weight`, float32 [N, K]. */
export function* blocksOf(
  weight: Float32Array,
  spec: QuantizeSpec,
): Generator<Float32Array, void, undefined> {
  const { K, N } = spec;
  const { blockSize, blockCount } = quantizedLayout(spec);
  for (let n = 0; n < N; n++) {
    for (let b = 0; b < blockCount; b++) {
      yield weight.subarray(n * K + b * blockSize, n * K + Math.min(K, (b + 1) * blockSize));
    }
  }
}

/** The code whose level is nearest to `w`. */
export const nearestCode = (
  w: number,
  { scale, zeroPoint }: BlockParameters,
  bits: number,
): number =>
  scale === 0 ? zeroPoint : clamp(nearestWhole(w / scale + zeroPoint), 0, 2 ** bits - 1);

function roundedBlock(values: Float32Array, spec: QuantizeSpec) {
  let low = 0;
  let high = 0;
  for (const w of values) {
    low = Math.min(low, w);
    high = Math.max(high, w);
  }
  const parameters = blockParameters(spec, low, high);
  return {
    ...codesBy(values, parameters, (w) => quantizeElement(spec, parameters, w)),
    parameters,
  };
}

function asStored(
  { scale, zeroPoint }: BlockParameters,
  { scaleType }: QuantizeSpec,
): BlockParameters {
  const stored = scaleType === 'float16' ? float16Value(float16Bits(scale)) : Math.fround(scale);
  return { scale: stored, zeroPoint };
}

function codesBy(
  values: Float32Array,
  { scale, zeroPoint }: BlockParameters,
  codeOf: (w: number) => number,
): { readonly codes: Uint8Array; readonly sum: number; readonly largest: number } {
  const codes = new Uint8Array(values.length);
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const w = values[i]!;
    const q = codeOf(w);
    codes[i] = q;
    const error = Math.abs(Math.fround(w - Math.fround((q - zeroPoint) * scale)));
    sum += error * error;
    largest = Math.max(largest, error);
  }
  return { codes, sum, largest };
}
