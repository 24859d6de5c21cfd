/** Conversions to 32-bit floats and back, on bit patterns. */

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** Bits of `value` rounded half to even to float16; overflow gives infinity, NaN a quiet NaN. */
export function float16Bits(value: number): number {
  floats[0] = value;
  const bits = words[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65,520 rounds up to infinity
  if (magnitude >= 0x38800000) {
    return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // below half of the smallest subnormal
  const drop = 126 - (magnitude >>> 23);
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const kept = mantissa >>> drop;
  const lost = mantissa & ((1 << drop) - 1);
  const half = 1 << (drop - 1);
  return sign | (kept + (lost > half || (lost === half && kept % 2 === 1) ? 1 : 0));
}

/** The exact value of a float16 bit pattern. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 0x3ff;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Widens float16 bit patterns exactly into the float32 bit patterns of `target`. */
export function widenFloat16(
  source: Uint16Array<ArrayBuffer>,
  target: Uint32Array<ArrayBuffer>,
): void {
  for (let i = 0; i < source.length; i++) {
    const half = source[i] as number;
    const sign = (half & 0x8000) << 16;
    const magnitude = half & 0x7fff;
    if (magnitude >= 0x7c00) target[i] = sign | 0x7f800000 | ((magnitude & 0x3ff) << 13);
    else if (magnitude >= 0x400) target[i] = sign | ((magnitude << 13) + 0x38000000);
    else {
      floats[0] = magnitude * 2 ** -24;
      target[i] = sign | (words[0] as number);
    }
  }
}

/** Widens bfloat16 bit patterns exactly into the float32 bit patterns of `target`. */
export function widenBfloat16(
  source: Uint16Array<ArrayBuffer>,
  target: Uint32Array<ArrayBuffer>,
): void {
  for (let i = 0; i < source.length; i++) target[i] = (source[i] as number) << 16;
}
