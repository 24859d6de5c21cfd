import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { blockCodes, rangeOf, scratchCodes } from '../reference/block-codes.ts';
import { blockParameters } from '../reference/block-parameters.ts';

/**
 * What rows of a weight become by plain rounding, `(q - zeroPoint) · scale`.
 * - `values` — float32 [rows, K], finite
 * - `into` — as long as `values`, or the same array
 */
export function roundRows(
  values: Float32Array,
  spec: QuantizeSpec,
  into: Float32Array<ArrayBuffer>,
): void {
  const { K } = spec;
  const blockSize = spec.blockSize === 'channel' ? K : spec.blockSize;
  for (let row = 0; row < values.length; row += K) {
    for (let start = 0; start < K; start += blockSize) {
      const end = row + Math.min(K, start + blockSize);
      roundBlock(values, row + start, end, spec, into);
    }
  }
}

/** float32 [rows, K]: `given` as rounded, less the `values` that it stands for. */
export function roundingErrors(
  given: Float32Array,
  values: Float32Array,
  spec: QuantizeSpec,
): Float32Array<ArrayBuffer> {
  const errors = new Float32Array(values.length);
  roundRows(given, spec, errors);
  for (let i = 0; i < errors.length; i++) {
    errors[i] = (errors[i] as number) - (values[i] as number);
  }
  return errors;
}

/** One block of a row: the elements from `start` up to `end`. */
export function roundBlock(
  values: Float32Array,
  start: number,
  end: number,
  spec: QuantizeSpec,
  into: Float32Array<ArrayBuffer>,
): void {
  const block = { values, start, end };
  const { low, high } = rangeOf(block);
  const parameters = blockParameters(spec, low, high);
  const { scale, zeroPoint } = parameters;
  const codes = scratchCodes(end - start);
  blockCodes(spec, parameters, block, codes, 0);
  for (let i = start, from = 0; i < end; i++, from++) {
    into[i] = ((codes[from] as number) - zeroPoint) * scale;
  }
}
