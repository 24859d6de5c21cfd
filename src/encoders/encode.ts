import type {
  FloatChoice,
  FloatEncodingId,
  QuantizedChoice,
  QuantizedEncodingId,
} from '../catalog/encodings.ts';
import { blocksToUint8 } from './blocks-to-uint8.ts';
import { convUint8 } from './conv-uint8.ts';
import { dequantizeLinear } from './dequantize-linear.ts';
import { dynamicUint8 } from './dynamic-uint8.ts';
import type { EncodeContext } from './encode-context.ts';
import type { Encoded, EncodeJob, Encoder, QuantizedEncoder } from './encoder.ts';
import { dense, float16 } from './float-values.ts';
import { gatherBlockQuantized } from './gather-block-quantized.ts';
import { int8Rows } from './int8-rows.ts';
import { matmulNBits } from './matmul-nbits.ts';
import { packedRows } from './packed-rows.ts';
import { putZerosBack } from './put-zeros-back.ts';
import { tiedBlocks } from './tied-blocks.ts';
import { tiedNBits } from './tied-nbits.ts';
import { tiedUint8 } from './tied-uint8.ts';

const QUANTIZED: Readonly<Record<QuantizedEncodingId, QuantizedEncoder>> = {
  'matmul-nbits': matmulNBits,
  'gather-block-quantized': gatherBlockQuantized,
  'dynamic-uint8': dynamicUint8,
  'blocks-to-uint8': blocksToUint8,
  'packed-rows': packedRows,
  'int8-rows': int8Rows,
  'conv-uint8': convUint8,
  'tied-nbits': tiedNBits,
  'tied-uint8': tiedUint8,
  'tied-blocks': tiedBlocks,
  'dequantize-linear': dequantizeLinear,
};

const FLOAT: Readonly<Record<FloatEncodingId, Encoder<FloatChoice>>> = { float16, dense };

export function encode(job: EncodeJob, context: EncodeContext): Encoded {
  const whole = putZerosBack(job, context);
  const encoded = encodeWhole(whole.job, context);
  return { ...encoded, prelude: [...whole.nodes, ...encoded.prelude] };
}

function encodeWhole(job: EncodeJob, context: EncodeContext): Encoded {
  const { choice } = job;
  return choice.kind === 'float'
    ? FLOAT[choice.encoding]({ ...job, choice } satisfies EncodeJob<FloatChoice>, context)
    : QUANTIZED[choice.encoding]({ ...job, choice } satisfies EncodeJob<QuantizedChoice>, context);
}
