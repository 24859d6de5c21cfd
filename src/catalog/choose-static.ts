/** Static 8-bit products and convolutions: which operators and targets have them. */
import { BASE } from './choose-dequantize.ts';
import type { EncodingPlace } from './choose-encoding.ts';
import type { EncodingDecision, QuantizedChoice, RangeMethod } from './encodings.ts';
import type { TargetId } from './targets.ts';
import type { OptionValue } from './technique.ts';

/**
 * - `isSeen` — the operator reads a value of the model itself, so that its range can be known
 */
export function encodingForStatic(
  options: Readonly<Record<string, OptionValue>>,
  { row, isSeen }: EncodingPlace & { readonly isSeen: boolean },
  target: TargetId,
): EncodingDecision<QuantizedChoice> {
  if (target === 'webgpu') return { refused: ON_WEBGPU };
  if (row !== 'MatMul' && row !== 'Gemm' && row !== 'Conv') return { refused: OTHER_USES };
  if (!isSeen) return { refused: NOT_SEEN };
  return {
    choice: {
      ...BASE,
      ...{ encoding: 'static-int8', bits: 8, blockSize: 'channel', symmetric: true },
      ...{ scaleType: 'float32', rule: 'int8', clip: false, minOpset: 13 },
      packing: row === 'Conv' ? 'rows' : 'columns',
      activation: {
        signed: target === 'portable',
        range: options['range'] as RangeMethod,
        percentile: Number(options['percentile']),
        rows: Number(options['rows']),
      },
    },
  };
}

const ON_WEBGPU =
  'WebGPU has no 8-bit products: rounded inputs would be computed as floats, slower than fp32';
const OTHER_USES = 'Static int8: only products and convolutions by the weight itself';
const NOT_SEEN =
  'Static int8: the range of its inputs cannot be seen in a body, or between factors';
