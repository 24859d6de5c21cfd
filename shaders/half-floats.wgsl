// Conversions between f32 and f16 on bit patterns, the same on any adapter: part of
// block-parameters and settle-blocks. Not for NaN.

// f32 bits to f16 bits, rounded half to even.
fn toHalf(bits: u32) -> u32 {
  let sign = (bits >> 16) & 0x8000;
  let magnitude = bits & 0x7fffffffu;
  if (magnitude >= 0x477ff000) { return sign | 0x7c00; } // 65,520 and above
  if (magnitude >= 0x38800000) {
    let rounded = magnitude + 0xfff + ((magnitude >> 13) & 1);
    return sign | ((rounded - 0x38000000) >> 13);
  }
  if (magnitude < 0x33000000) { return sign; } // below 2^-25
  let drop = 126 - (magnitude >> 23);
  let m = (magnitude & 0x7fffff) | 0x800000;
  let kept = m >> drop;
  let lost = m & ((1u << drop) - 1);
  let half = 1u << (drop - 1);
  return sign | (kept + select(0u, 1u, lost > half || (lost == half && (kept & 1) == 1)));
}

// f16 bits to those of the same value as f32.
fn fromHalf(half: u32) -> u32 {
  let sign = (half & 0x8000) << 16;
  let magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00) { return sign | 0x7f800000; }
  if (magnitude >= 0x400) { return sign | ((magnitude << 13) + 0x38000000); }
  return sign | bitcast<u32>(f32(magnitude) * 0x1p-24);
}
