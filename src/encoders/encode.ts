import type {
  CodebookChoice,
  CodebookEncodingId,
  FloatChoice,
  FloatEncodingId,
  QuantizedEncodingId,
} from '../catalog/encodings.ts';
import { blocksToUint8 } from './blocks-to-uint8.ts';
import { codebook } from './codebook.ts';
import { codebookToUint8 } from './codebook-to-uint8.ts';
import { convUint8 } from './conv-uint8.ts';
import { dequantizeLinear } from './dequantize-linear.ts';
import { dynamicUint8 } from './dynamic-uint8.ts';
import type { EncodeContext } from './encode-context.ts';
import type { Encoded, EncodeJob, Encoder, QuantizedEncoder } from './encoder.ts';
import { dense, float16 } from './float-values.ts';
import { gatherBlockQuantized } from './gather-block-quantized.ts';
import { int8Rows } from './int8-rows.ts';
import { matmulBnb4 } from './matmul-bnb4.ts';
import { matmulNBits } from './matmul-nbits.ts';
import { packedRows } from './packed-rows.ts';
import { putZerosBack } from './put-zeros-back.ts';
import { staticInt8 } from './static-int8.ts';
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
  'static-int8': staticInt8,
  'dequantize-linear': dequantizeLinear,
};

const FLOAT: Readonly<Record<FloatEncodingId, Encoder<FloatChoice>>> = { float16, dense };

const CODEBOOK: Readonly<Record<CodebookEncodingId, Encoder<CodebookChoice>>> = {
  'matmul-bnb4': matmulBnb4,
  codebook,
  'codebook-to-uint8': codebookToUint8,
};

export function encode(job: EncodeJob, context: EncodeContext): Encoded {
  const whole = putZerosBack(job, context);
  const encoded = encodeWhole(whole.job, context);
  return { ...encoded, prelude: [...whole.nodes, ...encoded.prelude] };
}

function encodeWhole(job: EncodeJob, context: EncodeContext): Encoded {
  const { choice } = job;
  switch (choice.kind) {
    case 'float':
      return FLOAT[choice.encoding]({ ...job, choice }, context);
    case 'codebook':
      return CODEBOOK[choice.encoding]({ ...job, choice }, context);
    case 'quantized':
      return QUANTIZED[choice.encoding]({ ...job, choice }, context);
  }
}
