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

export interface SolvedBlocks {
  readonly quantized: Quantized;
  readonly blocks: number;
  /** Blocks that keep the solver's scale and zero point. */
  readonly solved: number;
}

/**
 * - `weight` — float32 [N, K], finite, whatever `spec.transposed` says
 * - `spec` — asymmetric
 */
export function solveBlocks(
  weight: Float32Array,
  spec: QuantizeSpec,
  solve: BlockSolver,
): SolvedBlocks {
  const { K, N } = spec;
  const { blockSize, blockCount } = quantizedLayout(spec);
  const codes = new Uint8Array(N * K);
  const parameters: BlockParameters[] = [];
  const errors = { sumSquares: 0, sumSquaredError: 0, maxAbsError: 0 };
  const [own, plain] = [new Uint8Array(blockSize), new Uint8Array(blockSize)];
  let solved = 0;
  for (let block = 0; block < N * blockCount; block++) {
    const start = Math.floor(block / blockCount) * K + (block % blockCount) * blockSize;
    const end = Math.min(start + blockSize, (Math.floor(block / blockCount) + 1) * K);
    const values = weight.subarray(start, end);
    const rounded = plainBlock(values, spec);
    const found = asStored(solve(values, block), spec);
    const plainError = codesOf(values, plain, rounded, (w) => quantizeElement(spec, rounded, w));
    const ownError = codesOf(values, own, found, (w) => nearestCode(w, found, spec.bits));
    const isSolved = ownError.sum < plainError.sum;
    if (isSolved) solved += 1;
    codes.set((isSolved ? own : plain).subarray(0, values.length), start);
    parameters.push(isSolved ? found : rounded);
    const { sum, largest } = isSolved ? ownError : plainError;
    errors.sumSquaredError += sum;
    errors.maxAbsError = Math.max(errors.maxAbsError, largest);
    for (const w of values) errors.sumSquares += w * w;
  }
  const zeroPoints = Uint8Array.from(parameters, ({ zeroPoint }) => zeroPoint);
  return {
    quantized: {
      codes: packCodes(codes, spec),
      scales: storeScales(parameters, spec),
      zeroPoints: packZeroPoints(zeroPoints, spec),
      errors,
    },
    blocks: parameters.length,
    solved,
  };
}

function plainBlock(values: Float32Array, spec: QuantizeSpec): BlockParameters {
  let low = 0;
  let high = 0;
  for (const w of values) {
    low = Math.min(low, w);
    high = Math.max(high, w);
  }
  return blockParameters(spec, low, high);
}

function asStored(
  { scale, zeroPoint }: BlockParameters,
  { scaleType }: QuantizeSpec,
): BlockParameters {
  const stored = scaleType === 'float16' ? float16Value(float16Bits(scale)) : Math.fround(scale);
  return { scale: stored, zeroPoint };
}

/** The code whose level is nearest to `w`. */
export const nearestCode = (
  w: number,
  { scale, zeroPoint }: BlockParameters,
  bits: number,
): number =>
  scale === 0 ? zeroPoint : clamp(nearestWhole(w / scale + zeroPoint), 0, 2 ** bits - 1);

function codesOf(
  values: Float32Array,
  into: Uint8Array,
  { scale, zeroPoint }: BlockParameters,
  codeOf: (w: number) => number,
): { readonly sum: number; readonly largest: number } {
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const w = values[i]!;
    const q = codeOf(w);
    into[i] = q;
    const error = Math.abs(Math.fround(w - Math.fround((q - zeroPoint) * scale)));
    sum += error * error;
    largest = Math.max(largest, error);
  }
  return { sum, largest };
}
