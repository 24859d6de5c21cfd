import { assert } from '../core/assert.ts';
import { SOURCE_BYTES, type WeightSource } from './weight-source.ts';

/**
 * The weight with 0 wherever `mask` says so, in its own element type.
 * - `mask` — bit i % 8 of byte i / 8: element i becomes 0
 */
export function prunedSource(source: WeightSource, mask: Uint8Array): WeightSource {
  const width = SOURCE_BYTES[source.dtype];
  return {
    ...source,
    read: async (byteStart, byteEnd) => {
      assert(byteStart % width === 0 && byteEnd % width === 0, 'whole elements');
      const bytes = await source.read(byteStart, byteEnd);
      clearMasked(new Uint8Array(bytes), width, mask, byteStart / width);
      return bytes;
    },
  };
}

/** Sets elements of `width` bytes to zero; the first of `bytes` is element `first` of the mask. */
export function clearMasked(
  bytes: Uint8Array,
  width: number,
  mask: Uint8Array,
  first: number,
): void {
  const count = bytes.length / width;
  for (let i = 0; i < count; i++) {
    const index = first + i;
    if (((mask[index >>> 3] as number) >> (index & 7)) & 1) {
      bytes.fill(0, i * width, (i + 1) * width);
    }
  }
}

/**
 * Copies the first `count` bits of one mask into another, from bit `to` on; those bits are clear.
 * Puts masks of tiles together.
 */
export function joinMask(from: Uint8Array, count: number, mask: Uint8Array, to: number): void {
  const shift = to % 8;
  const start = (to - shift) / 8;
  if (shift === 0 && count % 8 === 0) {
    mask.set(from.subarray(0, count / 8), start);
    return;
  }
  for (let byte = 0; byte < Math.ceil(count / 8); byte++) {
    const inside = count - 8 * byte;
    const bits = (from[byte] as number) & (inside < 8 ? (1 << inside) - 1 : 0xff);
    const low = start + byte;
    mask[low] = (mask[low] as number) | (bits << shift);
    const high = bits >> (8 - shift);
    if (high > 0) mask[low + 1] = (mask[low + 1] as number) | high;
  }
}
