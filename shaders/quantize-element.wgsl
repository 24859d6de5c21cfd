// What one weight becomes: part of quantize-codes, block-errors, settle-blocks and
// awq-clips.
//
// Uses the binding `blocks` (u32 x 4 of block-parameters: bits of the stored scale, of its
// reciprocal, of the zero point to add before rounding, of the one to add after) and
// `params.zero` (which is 0).
//
// DIVIDES: q = rint(w / scale), the quotient rounded to f32 first (Gather, int8); otherwise
// q = w * (1 / scale) + zeroPoint, each step rounded to f32, then half away from zero
// (MatMulNBits).

override BITS: u32;
override DIVIDES: bool;

const MAGNITUDE = 0x7fffffffu;
const TINY_SCALE = 0x08800000u; // 2^-110: below, weights and reciprocals leave the normal range

struct Block {
  scale: vec4f,
  reciprocal: vec4f,
  before: vec4f, // zero point added before rounding
  after: vec4f,  // zero point added after rounding
  isTiny: bool,
}

struct Quantized {
  code: vec4f, // whole numbers
  error: vec4f, // w - (q - zeroPoint) * scale
  isUnsure: bool,
}

fn splat(entry: vec4u) -> Block {
  return Block(
    vec4f(bitcast<f32>(entry.x)),
    vec4f(bitcast<f32>(entry.y)),
    vec4f(bitcast<f32>(entry.z)),
    vec4f(bitcast<f32>(entry.w)),
    isTiny(entry.x),
  );
}

// The blocks of four columns, the first of which is block `at`, each `stride` after the last.
fn blocksOf(at: u32, stride: u32) -> Block {
  let a = blocks[at];
  let b = blocks[at + stride];
  let c = blocks[at + 2 * stride];
  let d = blocks[at + 3 * stride];
  return Block(
    bitcast<vec4f>(vec4u(a.x, b.x, c.x, d.x)),
    bitcast<vec4f>(vec4u(a.y, b.y, c.y, d.y)),
    bitcast<vec4f>(vec4u(a.z, b.z, c.z, d.z)),
    bitcast<vec4f>(vec4u(a.w, b.w, c.w, d.w)),
    isTiny(a.x) || isTiny(b.x) || isTiny(c.x) || isTiny(d.x),
  );
}

fn isTiny(scale: u32) -> bool {
  return (scale & MAGNITUDE) - 1 < TINY_SCALE - 1; // a scale of 0 is not: its product is 0
}

// Keeps two roundings two: a compiler cannot fuse an operation with what it cannot see through.
fn fence(x: vec4f) -> vec4f { return bitcast<vec4f>(bitcast<vec4u>(x) ^ vec4u(params.zero)); }

// Not `careful`, the result may be wrong where `isUnsure` is then set.
fn quantize(bits: vec4u, block: Block, careful: bool) -> Quantized {
  let top = vec4f(f32((1u << BITS) - 1));
  let w = bitcast<vec4f>(bits);
  var steps = fence(w * block.reciprocal);
  var isUnsure = false;
  var value: vec4f;
  if (DIVIDES) {
    if (careful) {
      steps = quotients(bits, bitcast<vec4u>(block.scale));
    } else {
      // The product is within 2 ulp of the quotient; only near a tie can that change the code.
      let distance = abs(fract(steps + block.before) - 0.5);
      isUnsure = any(distance < vec4f(f32(1u << BITS) * 0x1p-21)) || block.isTiny;
    }
    value = clamp(round(fence(steps + block.before)) + block.after, vec4f(0), top);
  } else {
    if (block.isTiny) { steps = tinyProducts(bits, block, steps); }
    let sum = clamp(steps + block.before, vec4f(0), top);
    let even = round(sum); // differs from half away from zero where a tie went down
    value = even + select(vec4f(0), vec4f(1), sum - even == vec4f(0.5));
  }
  let error = w - fence((value - (block.before + block.after)) * block.scale);
  return Quantized(value, error, isUnsure);
}

// w * reciprocal for a scale below 2^-110, computed 2^64 times as far from the subnormals.
fn tinyProducts(bits: vec4u, block: Block, steps: vec4f) -> vec4f {
  var products = steps;
  for (var i = 0; i < 4; i++) {
    if (!isTiny(bitcast<u32>(block.scale[i]))) { continue; }
    let r = bitcast<u32>(block.reciprocal[i]);
    let magnitude = bits[i] & MAGNITUDE;
    if ((r & MAGNITUDE) >= 0x7f800000) {
      // An infinite reciprocal saturates; 0 times infinity counts as below the range.
      products[i] = select(-0x1p20, 0x1p20, magnitude > 0 && ((bits[i] ^ r) >> 31) == 0);
      continue;
    }
    var w = f32(magnitude) * 0x1p-85; // 2^(64 - 149)
    if (magnitude >= 0x00800000) { w = bitcast<f32>(magnitude + (64u << 23)); }
    let product = w * (block.reciprocal[i] * 0x1p-64);
    products[i] = select(product, -product, bits[i] > MAGNITUDE);
  }
  return products;
}

fn quotients(numerators: vec4u, divisors: vec4u) -> vec4f {
  var result: vec4f;
  for (var i = 0; i < 4; i++) { result[i] = quotient(numerators[i], divisors[i]); }
  return result;
}

// a / b rounded half to even; results below 2^-126 are irrelevant here and become 0.
fn quotient(a: u32, b: u32) -> f32 {
  if ((a & MAGNITUDE) == 0 || (b & MAGNITUDE) == 0) { return 0; }
  let x = normalized(a & MAGNITUDE);
  let y = normalized(b & MAGNITUDE);
  let less = x.x < y.x;
  let exponent = x.y - y.y + select(127, 126, less);
  if (exponent <= 0) { return 0; }

  // The float quotient is within a few units; wrapping integers tell by how many.
  var q = u32(f32(x.x) / f32(y.x) * select(0x1p23, 0x1p24, less));
  var rest = i32((u32(x.x) << select(23u, 24u, less)) - q * u32(y.x));
  while (rest < 0) { q -= 1; rest += y.x; }
  while (rest >= y.x) { q += 1; rest -= y.x; }
  q += select(0u, 1u, 2 * rest > y.x || (2 * rest == y.x && (q & 1) == 1));
  return bitcast<f32>(((u32(exponent - 1) << 23) + q) | ((a ^ b) & 0x80000000));
}

// f32 magnitude as (m, e) with value m * 2^(e - 150) and 2^23 <= m < 2^24.
fn normalized(bits: u32) -> vec2i {
  if (bits >= 0x00800000) { return vec2i(i32((bits & 0x7fffff) | 0x800000), i32(bits >> 23)); }
  let shift = countLeadingZeros(bits) - 8;
  return vec2i(i32(bits << shift), 1 - i32(shift));
}
