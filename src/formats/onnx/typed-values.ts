/** Values in TensorProto's typed fields, packed or not, as raw little-endian bytes. */
import { bitsPerElement, type DType } from '../../core/dtype.ts';
import type { Tensor } from '../../model/model.ts';
import { DOUBLE_DATA, FLOAT_DATA } from './data-type.ts';
import { malformed } from './malformed.ts';
import { forEachVarint } from './varint.ts';
import { WIRE_BYTES } from './wire-tree.ts';

export interface TypedRun {
  readonly wireType: number;
  /** Packed: values alone. Else each value behind its tag. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @throws malformed-model if the runs do not hold exactly what `tensor` needs */
export function decodeTyped(
  { dtype, byteLength, name }: Tensor,
  field: number,
  runs: readonly TypedRun[],
  file: string,
): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(byteLength);
  const width = field === FLOAT_DATA ? 4 : field === DOUBLE_DATA ? 8 : 0;
  const store = width === 0 ? varintStore(output, dtype) : null;
  let filled = 0;
  let isWhole = true;
  for (const { wireType, bytes } of runs) {
    const isPacked = wireType === WIRE_BYTES;
    if (!store) {
      const values = isPacked ? bytes : withoutTags(bytes, width);
      isWhole &&= values.length <= output.length - filled;
      if (isWhole) output.set(values, filled);
      filled += values.length;
      continue;
    }
    let isTag = !isPacked;
    isWhole &&= forEachVarint(bytes, (low, high) => {
      if (!isTag) filled += store(filled, low, high);
      isTag = !isPacked && !isTag;
    });
  }
  if (isWhole && filled === byteLength) return output;
  throw malformed(file, `does not hold the values that ${name} needs in its typed field`, {
    path: name,
  });
}

/** Stores one value at a byte offset and gives its width; beyond the end nothing is stored. */
function varintStore(output: Uint8Array<ArrayBuffer>, dtype: DType) {
  const width = Math.ceil(bitsPerElement(dtype) / 8); // sub-byte types: one packed byte an entry
  const view = new DataView(output.buffer);
  return (at: number, low: number, high: number): number => {
    if (at + width > output.length) return width;
    if (width === 1) view.setUint8(at, low & 0xff);
    else if (width === 2) view.setUint16(at, low & 0xffff, true);
    else view.setUint32(at, low, true);
    if (width === 8) view.setInt32(at + 4, high, true);
    return width;
  };
}

function withoutTags(bytes: Uint8Array<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(bytes.length);
  let filled = 0;
  for (let at = 0; at < bytes.length; at += width) {
    while (bytes[at]! >= 128) at++; // a tag may be padded
    at++;
    values.set(bytes.subarray(at, at + width), filled);
    filled += width;
  }
  return values.subarray(0, filled);
}
