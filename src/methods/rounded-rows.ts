import type { QuantizeSpec } from '../core/quantize-spec.ts';
import { blockParameters } from '../reference/block-parameters.ts';
import { quantizeElement } from '../reference/quantize-element.ts';

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

/** One block of a row: the elements from `start` up to `end`. */
export function roundBlock(
  values: Float32Array,
  start: number,
  end: number,
  spec: QuantizeSpec,
  into: Float32Array<ArrayBuffer>,
): void {
  let low = 0;
  let high = 0;
  for (let i = start; i < end; i++) {
    const w = values[i] as number;
    if (w < low) low = w;
    else if (w > high) high = w;
  }
  const block = blockParameters(spec, low, high);
  const { scale, zeroPoint } = block;
  for (let i = start; i < end; i++) {
    into[i] = (quantizeElement(spec, block, values[i] as number) - zeroPoint) * scale;
  }
}
