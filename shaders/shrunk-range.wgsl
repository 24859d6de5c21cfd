// A block's range times a factor up to 1: part of clip-candidates and clip-choice.

const SIGN = 0x80000000u;
const INFINITY = 0x7f800000u;
const LEAST = 0x0f800000u; // 2^-96

fn shrunk(range: vec2u, factor: f32) -> vec2u {
  let low = select(0u, range.y & ~SIGN, range.y >= SIGN);
  let largest = max(range.x, low);
  if (largest < LEAST || largest >= INFINITY) { return range; }
  // A subnormal bound beside a normal one cannot change the block; flushed or not, it is 0.
  let high = bitcast<u32>(bitcast<f32>(range.x) * factor);
  let deep = bitcast<u32>(bitcast<f32>(low) * factor);
  return vec2u(high, select(range.y, deep | SIGN, range.y >= SIGN));
}
