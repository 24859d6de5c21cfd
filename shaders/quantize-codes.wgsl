// Weights to codes of 2, 4 or 8 bits, packed, with the error that they make.
//
//   weight    f32 bits [rows, columns] or, transposed, [columns, rows]; rows run along the blocks
//   blocks    u32 x 4 at `column * columnStride + block * blockStride`, from block-parameters
//   codes     packed, first code in the lowest bits:
//             along rows     [columns, rows]: words of one column's codes
//             across columns [rows / (8 / BITS), columns]: bytes of one column's codes
//   partials  f32 x 4 per invocation: sum w^2, sum e^2, max |e|, unused; e = w - (q - zeroPoint) * scale
//
// DIVIDES: q = rint(w / scale), the quotient rounded to f32 first (Gather, int8); otherwise
// q = w * (1 / scale) + zeroPoint, each step rounded to f32, then half away from zero (MatMulNBits).
// Codes of rows at or beyond `validRows` are 0. One invocation takes 4 columns by 8 rows
// (16 where a word holds 16 codes), or 32 rows of one column if both sides run along rows.
// Requires rows to be a multiple of 16 and of blockSize, columns of 4.

override BITS: u32;
override DIVIDES: bool;
override TRANSPOSED: bool;
override ACROSS_COLUMNS: bool;

struct Params {
  rows: u32,
  validRows: u32,
  columns: u32,
  blockSize: u32,
  columnStride: u32,
  blockStride: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> weight: array<vec4u>;
@group(0) @binding(1) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> codes: array<u32>;
@group(0) @binding(3) var<storage, read_write> partials: array<vec4f>;
@group(0) @binding(4) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const MAGNITUDE = 0x7fffffffu;
const TINY_SCALE = 0x08800000u; // 2^-110: below, products could be subnormal and reciprocals infinite

struct Block {
  scale: vec4f,
  reciprocal: vec4f,
  before: vec4f, // zero point added before rounding
  after: vec4f,  // zero point added after rounding
  isTiny: bool,
}

var<private> squares: vec4f;
var<private> errors: vec4f;
var<private> largest: vec4f;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (TRANSPOSED && !ACROSS_COLUMNS) {
    let runs = (params.rows + 31) / 32;
    if (index >= runs * params.columns) { return; }
    quantizeRun(index / runs, 32 * (index % runs));
  } else {
    let height = select(8u, 16u, BITS == 2 && !ACROSS_COLUMNS);
    let across = params.columns / 4;
    if (index >= params.rows / height * across) { return; }
    if (ACROSS_COLUMNS) {
      quantizeAcross(4 * (index % across), height * (index / across));
    } else {
      quantizeDown(4 * (index % across), height * (index / across));
    }
  }
  let worst = max(largest.xy, largest.zw);
  partials[index] = vec4f(
    (squares.x + squares.y) + (squares.z + squares.w),
    (errors.x + errors.y) + (errors.z + errors.w),
    max(worst.x, worst.y),
    0,
  );
}

// 32 rows of one column, contiguous in weight and in codes.
fn quantizeRun(column: u32, firstRow: u32) {
  let end = min(firstRow + 32, params.rows);
  var row = firstRow;
  while (row < end) {
    let entry = blocks[column * params.columnStride + row / params.blockSize * params.blockStride];
    let block = Block(
      vec4f(bitcast<f32>(entry.x)),
      vec4f(bitcast<f32>(entry.y)),
      vec4f(bitcast<f32>(entry.z)),
      vec4f(bitcast<f32>(entry.w)),
      isTiny(entry.x),
    );
    let at = column * params.rows + row;
    var word = 0u;
    for (var i = 0u; i < 32 / BITS; i += 4) {
      let q = quantize(weight[(at + i) / 4], block) * valid4(row + i);
      let joined = q.x | (q.y << BITS) | (q.z << (2 * BITS)) | (q.w << (3 * BITS));
      word |= joined << (BITS * i);
    }
    codes[at * BITS / 32] = word;
    row += 32 / BITS;
  }
}

// Four columns; each word holds rows of one column.
fn quantizeDown(column: u32, firstRow: u32) {
  let block = blockOf(column, firstRow);
  let stride = params.rows * BITS / 32;
  var word = column * stride + firstRow * BITS / 32;
  var row = firstRow;
  let end = firstRow + select(8u, 16u, BITS == 2);
  while (row < end) {
    var packed = vec4u(0);
    for (var i = 0u; i < 32 / BITS; i++) {
      let q = quantize(weight[((row + i) * params.columns + column) / 4], block);
      packed |= (q * valid(row + i)) << vec4u(BITS * i);
    }
    codes[word] = packed.x;
    codes[word + stride] = packed.y;
    codes[word + 2 * stride] = packed.z;
    codes[word + 3 * stride] = packed.w;
    word += 1;
    row += 32 / BITS;
  }
}

// Four columns; each word holds one byte of each.
fn quantizeAcross(column: u32, firstRow: u32) {
  let block = blockOf(column, firstRow);
  for (var group = 0u; group < 8; group += 4) {
    let row = firstRow + group;
    var q: array<vec4u, 4>; // by row, components by column
    if (TRANSPOSED) {
      let w = transpose4(
        weight[(column * params.rows + row) / 4],
        weight[((column + 1) * params.rows + row) / 4],
        weight[((column + 2) * params.rows + row) / 4],
        weight[((column + 3) * params.rows + row) / 4],
      );
      for (var i = 0u; i < 4; i++) { q[i] = quantize(w[i], block) * valid(row + i); }
    } else {
      for (var i = 0u; i < 4; i++) {
        q[i] = quantize(weight[((row + i) * params.columns + column) / 4], block) * valid(row + i);
      }
    }
    var at = (row * BITS / 8 * params.columns + column) / 4;
    for (var i = 0u; i < 4; i += 8 / BITS) {
      var bytes = q[i];
      if (BITS == 4) { bytes |= q[i + 1] << vec4u(4); }
      if (BITS == 2) { bytes |= (q[1] << vec4u(2)) | (q[2] << vec4u(4)) | (q[3] << vec4u(6)); }
      codes[at] = bytes.x | (bytes.y << 8) | (bytes.z << 16) | (bytes.w << 24);
      at += params.columns / 4;
    }
  }
}

fn transpose4(a: vec4u, b: vec4u, c: vec4u, d: vec4u) -> array<vec4u, 4> {
  return array(
    vec4u(a.x, b.x, c.x, d.x),
    vec4u(a.y, b.y, c.y, d.y),
    vec4u(a.z, b.z, c.z, d.z),
    vec4u(a.w, b.w, c.w, d.w),
  );
}

fn blockOf(column: u32, row: u32) -> Block {
  let at = column * params.columnStride + row / params.blockSize * params.blockStride;
  let a = blocks[at];
  let b = blocks[at + params.columnStride];
  let c = blocks[at + 2 * params.columnStride];
  let d = blocks[at + 3 * params.columnStride];
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

fn valid(row: u32) -> u32 { return select(0u, 1u, row < params.validRows); }

fn valid4(row: u32) -> vec4u {
  return select(vec4u(0), vec4u(1), vec4u(row) + vec4u(0, 1, 2, 3) < vec4u(params.validRows));
}

// Keeps two roundings two: a compiler cannot fuse an operation with what it cannot see through.
fn fence(x: vec4f) -> vec4f { return bitcast<vec4f>(bitcast<vec4u>(x) ^ vec4u(params.zero)); }

fn quantize(bits: vec4u, block: Block) -> vec4u {
  let w = bitcast<vec4f>(bits);
  var steps = fence(w * block.reciprocal);
  var q: vec4u;
  if (DIVIDES) {
    // The product is within 2 ulp of the quotient; only near a tie can that change the code.
    let sum = steps + block.before;
    if (any(abs(fract(sum) - 0.5) < vec4f(0x1p-12)) || block.isTiny) {
      steps = quotients(bits, bitcast<vec4u>(block.scale));
    }
    let rounded = round(fence(steps + block.before)) + block.after;
    q = vec4u(clamp(rounded, vec4f(0), vec4f(f32((1u << BITS) - 1))));
  } else {
    if (block.isTiny) { steps = tinyProducts(bits, block, steps); }
    let sum = clamp(steps + block.before, vec4f(0), vec4f(f32((1u << BITS) - 1)));
    q = (vec4u(sum + sum) + 1) >> vec4u(1); // half away from zero: doubling is exact
  }
  let error = w - fence((vec4f(q) - (block.before + block.after)) * block.scale);
  squares += w * w;
  errors += error * error;
  largest = max(largest, abs(error));
  return q;
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
