import type { EncodingId } from '../catalog/encodings.ts';
import { blocksToUint8 } from './blocks-to-uint8.ts';
import { dynamicUint8 } from './dynamic-uint8.ts';
import type { Encoder } from './encoder.ts';
import { gatherBlockQuantized } from './gather-block-quantized.ts';
import { int8Rows } from './int8-rows.ts';
import { matmulNBits } from './matmul-nbits.ts';
import { packedRows } from './packed-rows.ts';

export const ENCODERS: Readonly<Record<EncodingId, Encoder>> = {
  'matmul-nbits': matmulNBits,
  'gather-block-quantized': gatherBlockQuantized,
  'dynamic-uint8': dynamicUint8,
  'blocks-to-uint8': blocksToUint8,
  'packed-rows': packedRows,
  'int8-rows': int8Rows,
};
