// Scale, reciprocal and zero point of every block, correctly rounded on any adapter.
//
//   ranges      u32 pairs, as block-ranges leaves them
//   blocks      u32 x 4: bits of the stored scale, of its reciprocal (0 for scale 0), of the zero
//               point to add before rounding, and of the zero point to add after
//   scales      the stored scales, f32 or f16, packed; clear first
//   zeroPoints  u8, packed, asymmetric only; clear first
//   faults      [0] blocks with a non-finite value, [1] scales too large for their type
//
// RULE 0 is MatMulNBits (ONNX Runtime's DEFAULT), 1 its Gather, 2 its int8 of quantize_dynamic (with
// BITS 4 only SYMMETRIC).
// WGSL division may be 2.5 ulp off and subnormals may be flushed, so quotients are integer work.

override RULE: u32;
override BITS: u32;
override SYMMETRIC: bool;
override HALF_SCALES: bool;

struct Params { count: u32 }

@group(0) @binding(0) var<storage, read> ranges: array<vec2u>;
@group(0) @binding(1) var<storage, read_write> blocks: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> scales: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> zeroPoints: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(5) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const GATHER = 1u;
const INT8 = 2u;
const ONE = 0x3f800000u;
const INFINITY = 0x7f800000u;
const SIGN = 0x80000000u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.count) { return; }

  // Magnitudes of the range widened to contain 0: it spans [-low, high].
  let high = ranges[index].x;
  let low = select(0u, ranges[index].y & ~SIGN, ranges[index].y >= SIGN);
  if (max(high, low) >= INFINITY) {
    atomicAdd(&faults[0], 1u);
    return;
  }

  let top = (1u << BITS) - 1;
  let middle = 1u << (BITS - 1);
  var scale: u32;
  var zeroPoint = middle;
  if (RULE == INT8) {
    scale = int8Scale(high, low);
    if (!SYMMETRIC) { zeroPoint = int8ZeroPoint(high, low); }
  } else if (SYMMETRIC) {
    // The value of largest magnitude takes code -middle, which flips the sign if it is positive.
    scale = quotient(max(high, low), floatBits(middle), 0);
    scale |= select(0u, SIGN, high > low || max(high, low) == 0);
  } else {
    let lift = liftOf(high, low);
    scale = quotient(span(high, low, lift), floatBits(top), lift);
    let shifted = min(bitcast<f32>(quotient(low, scale, 0)), f32(top));
    if (RULE == GATHER) {
      zeroPoint = select(u32(round(shifted)), middle, scale == 0);
    } else {
      zeroPoint = (u32(shifted + shifted) + 1) >> 1;
    }
  }

  var stored = scale;
  if (HALF_SCALES) {
    let half = toHalf(scale);
    stored = fromHalf(half);
    atomicOr(&scales[index >> 1], half << (16 * (index & 1)));
  } else {
    atomicStore(&scales[index], scale);
  }
  if ((stored & ~SIGN) >= INFINITY) { atomicAdd(&faults[1], 1u); }
  if (!SYMMETRIC) { atomicOr(&zeroPoints[index >> 2], zeroPoint << (8 * (index & 3))); }

  let reciprocal = quotient(ONE, stored & ~SIGN, 0) | (stored & SIGN);
  let after = RULE == INT8 || (SYMMETRIC && RULE == GATHER);
  blocks[index] = vec4u(
    stored,
    reciprocal,
    select(floatBits(zeroPoint), 0u, after),
    select(0u, floatBits(zeroPoint), after),
  );
}

fn floatBits(value: u32) -> u32 { return bitcast<u32>(f32(value)); }

// Values below 2^-60 are multiplied by 2^64 before they are added: then no sum is subnormal.
fn liftOf(high: u32, low: u32) -> u32 { return select(0u, 64u, max(high, low) < 0x21800000); }

fn lifted(bits: u32, lift: u32) -> f32 {
  if (lift == 0) { return bitcast<f32>(bits); }
  if (bits < 0x00800000) { return f32(bits) * 0x1p-85; } // 2^(64 - 149)
  return bitcast<f32>(bits + (lift << 23));
}

// high - (-low), rounded to f32, times 2^lift.
fn span(high: u32, low: u32, lift: u32) -> u32 {
  return bitcast<u32>(lifted(high, lift) + lifted(low, lift));
}

fn int8Span(high: u32, low: u32, lift: u32) -> u32 {
  if (SYMMETRIC) { return span(max(high, low), max(high, low), lift); }
  return span(high, low, lift);
}

// A scale below the smallest normal float becomes 1, as in quantize_dynamic.
fn isTiny(range: u32, lift: u32, levels: u32) -> bool {
  return lift == 64 && range < bitcast<u32>(f32(levels) * 0x1p-62);
}

fn int8Scale(high: u32, low: u32) -> u32 {
  let lift = liftOf(high, low);
  let levels = select(255u, (1u << BITS) - 2, SYMMETRIC);
  let range = int8Span(high, low, lift);
  if (isTiny(range, lift, levels)) { return ONE; }
  return quotient(range, floatBits(levels), lift);
}

// rint(low / (range / 255)) as float64 arithmetic gives it. The exact value decides except where
// it is a tie: then the rounding error of the float64 scale does.
fn int8ZeroPoint(high: u32, low: u32) -> u32 {
  let lift = liftOf(high, low);
  let range = int8Span(high, low, lift);
  if (low == 0 || isTiny(range, lift, 255)) { return 0; }
  let a = normalized(bitcast<u32>(lifted(low, lift)));
  let b = normalized(range);
  let shift = u32(b.y - a.y);
  if (shift > 9) { return 0; } // the exact value is below 510 / 1024
  let numerator = u32(a.x) * 255;
  let divisor = u32(b.x) << min(shift, 8);
  let whole = select(numerator / divisor, 0, shift == 9);
  let rest = numerator - whole * divisor;
  // At shift 9 the divisor is half of what it should be, so it is itself the middle.
  let other = select(divisor - rest, divisor, shift == 9);
  if (rest != other) { return whole + select(0u, 1u, rest > other); }

  // The scale is m * 2^j / 255 rounded to 53 bits; 2^8 = 1 modulo 255 gives the remainder.
  let m = u32(b.x);
  let j = select(37u, 36u, m >= 16711680);
  let remainder = (m % 255) * (1u << (j % 8)) % 255;
  let error = select(-i32(remainder), 255 - i32(remainder), remainder >= 128);
  let odd = 2 * whole + 1; // the exact value is odd / 2
  let drift = f32(odd) * f32(abs(error));
  var room = f32(m) * select(0x1p-15, 0x1p-16, j == 36) * f32(1u << firstLeadingBit(odd)) * 0.5;
  if (whole == 0 && error > 0) { room *= 0.5; } // floats below 0.5 lie twice as dense
  if (drift > room || (drift == room && error < 0)) { return whole + select(0u, 1u, error < 0); }
  return whole + (whole & 1);
}

// f32 magnitude as (m, e) with value m * 2^(e - 150) and 2^23 <= m < 2^24.
fn normalized(bits: u32) -> vec2i {
  if (bits >= 0x00800000) { return vec2i(i32((bits & 0x7fffff) | 0x800000), i32(bits >> 23)); }
  let shift = countLeadingZeros(bits) - 8;
  return vec2i(i32(bits << shift), 1 - i32(shift));
}

// Bits of a / b * 2^-lift for finite magnitudes, rounded half to even, subnormals kept; 0 if a or b
// is 0.
fn quotient(a: u32, b: u32, lift: u32) -> u32 {
  if (a == 0 || b == 0) { return 0; }
  if (a >= INFINITY) { return INFINITY; }
  let x = normalized(a);
  let y = normalized(b);
  let less = x.x < y.x;
  let shift = select(23u, 24u, less);
  var exponent = x.y - y.y + select(127, 126, less) - i32(lift);

  // The float quotient is within a few units; wrapping integers tell by how many.
  var q = u32(f32(x.x) / f32(y.x) * select(0x1p23, 0x1p24, less));
  var rest = i32((u32(x.x) << shift) - q * u32(y.x));
  while (rest < 0) { q -= 1; rest += y.x; }
  while (rest >= y.x) { q += 1; rest -= y.x; }

  if (exponent > 0) {
    q += select(0u, 1u, 2 * rest > y.x || (2 * rest == y.x && (q & 1) == 1));
    return min((u32(exponent - 1) << 23) + q, INFINITY); // a carry moves into the exponent
  }
  let drop = u32(1 - exponent);
  if (drop > 24) { return 0; }
  let kept = q >> drop;
  let lost = q & ((1u << drop) - 1);
  let half = 1u << (drop - 1);
  let up = lost > half || (lost == half && (rest > 0 || (kept & 1) == 1));
  return kept + select(0u, 1u, up);
}
