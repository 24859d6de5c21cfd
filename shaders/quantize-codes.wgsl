// Weights to codes of 2, 4 or 8 bits, packed, with the error that they make.
//
//   weight    f32 bits [rows, columns] or, transposed, [columns, rows]; rows run along the blocks
//   blocks    u32 x 4 at `column * columnStride + block * blockStride`, from block-parameters
//   codes     packed, first code in the lowest bits:
//             along rows     [columns, rows]: words of one column's codes
//             across columns [rows / (8 / BITS), columns]: bytes of one column's codes
//   partials  f32 x 4 per invocation: sum w^2, sum e^2, max |e|, unused;
//             e = w - (q - zeroPoint) * scale
//
// DIVIDES: q = rint(w / scale), the quotient rounded to f32 first (Gather, int8); otherwise
// q = w * (1 / scale) + zeroPoint, each step rounded to f32, then half away from zero
// (MatMulNBits).
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
const TINY_SCALE = 0x08800000u; // 2^-110: below, weights and reciprocals leave the normal range

struct Block {
  scale: vec4f,
  reciprocal: vec4f,
  before: vec4f, // zero point added before rounding
  after: vec4f,  // zero point added after rounding
  isTiny: bool,
}

struct Errors {
  squares: vec4f,
  errors: vec4f,
  largest: vec4f,
  isUnsure: bool,
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  let alongRuns = TRANSPOSED && !ACROSS_COLUMNS;
  let height = select(select(8u, 16u, BITS == 2 && !ACROSS_COLUMNS), 32u, alongRuns);
  let steps = (params.rows + height - 1) / height;
  let across = select(params.columns / 4, params.columns, alongRuns);
  if (index >= steps * across) { return; }
  let column = select(4 * (index % across), index / steps, alongRuns);
  let row = height * select(index / across, index % steps, alongRuns);

  // Few invocations are unsure. Software adapters step through untaken branches, though loops only
  // once, so the careful way is a second pass instead of a branch at each element.
  var total = quantizePart(column, row, false);
  if (DIVIDES && total.isUnsure) { total = quantizePart(column, row, true); }
  let worst = max(total.largest.xy, total.largest.zw);
  partials[index] = vec4f(
    (total.squares.x + total.squares.y) + (total.squares.z + total.squares.w),
    (total.errors.x + total.errors.y) + (total.errors.z + total.errors.w),
    max(worst.x, worst.y),
    0,
  );
}

fn quantizePart(column: u32, row: u32, careful: bool) -> Errors {
  if (ACROSS_COLUMNS && TRANSPOSED) { return quantizePatches(column, row, careful); }
  if (ACROSS_COLUMNS) { return quantizeAcross(column, row, careful); }
  if (TRANSPOSED) { return quantizeRun(column, row, careful); }
  return quantizeDown(column, row, careful);
}

// 32 rows of one column, contiguous in weight and in codes; every 16 lie in one block.
fn quantizeRun(column: u32, firstRow: u32, careful: bool) -> Errors {
  var total: Errors;
  let end = min(firstRow + 32, params.rows);
  let slot = column * params.columnStride;
  var at = (column * params.rows + firstRow) / 4;
  var word = at * BITS / 8;
  var row = firstRow;
  while (row < end) {
    let block = splat(blocks[slot + row / params.blockSize * params.blockStride]);
    var packed = 0u;
    for (var i = 0u; i < 4; i++) {
      let value = quantize(weight[at], block, careful, &total);
      let rows = vec4u(row) + vec4u(0, 1, 2, 3);
      let q = select(vec4u(0), codesOf(value), rows < vec4u(params.validRows));
      let joined = q.x | (q.y << BITS) | (q.z << (2 * BITS)) | (q.w << (3 * BITS));
      packed |= joined << (4 * BITS * i % 32);
      if (4 * BITS * (i + 1) % 32 == 0) {
        codes[word] = packed;
        word += 1;
        packed = 0;
      }
      at += 1;
      row += 4;
    }
  }
  return total;
}

// Four columns; each word holds rows of one column.
fn quantizeDown(column: u32, firstRow: u32, careful: bool) -> Errors {
  var total: Errors;
  let block = blockOf(column, firstRow);
  let stride = params.rows * BITS / 32;
  var word = column * stride + firstRow * BITS / 32;
  var at = (firstRow * params.columns + column) / 4;
  var row = firstRow;
  let end = firstRow + select(8u, 16u, BITS == 2);
  while (row < end) {
    var packed = vec4u(0);
    for (var shift = 0u; shift < 32; shift += BITS) {
      let q = codesOf(quantize(weight[at], block, careful, &total));
      packed |= select(vec4u(0), q, row < params.validRows) << vec4u(shift);
      at += params.columns / 4;
      row += 1;
    }
    codes[word] = packed.x;
    codes[word + stride] = packed.y;
    codes[word + 2 * stride] = packed.z;
    codes[word + 3 * stride] = packed.w;
    word += 1;
  }
  return total;
}

// Four columns; each word holds one byte of each.
fn quantizeAcross(column: u32, firstRow: u32, careful: bool) -> Errors {
  var total: Errors;
  let block = blockOf(column, firstRow);
  let step = params.columns / 4;
  var word = (firstRow * BITS / 8 * params.columns + column) / 4;
  var at = (firstRow * params.columns + column) / 4;
  var bytes = vec4u(0);
  for (var i = 0u; i < 8; i++) {
    let q = codesOf(quantize(weight[at], block, careful, &total));
    bytes |= select(vec4u(0), q, firstRow + i < params.validRows) << vec4u(i * BITS % 8);
    if ((i + 1) * BITS % 8 == 0) {
      codes[word] = joined(bytes);
      word += step;
      bytes = vec4u(0);
    }
    at += step;
  }
  return total;
}

// The same for a transposed weight, four rows at a time.
fn quantizePatches(column: u32, firstRow: u32, careful: bool) -> Errors {
  var total: Errors;
  let block = blockOf(column, firstRow);
  let step = params.columns / 4;
  let stride = params.rows / 4;
  var word = (firstRow * BITS / 8 * params.columns + column) / 4;
  var at = (column * params.rows + firstRow) / 4;
  for (var row = firstRow; row < firstRow + 8; row += 4) {
    let w = transpose4(
      weight[at],
      weight[at + stride],
      weight[at + 2 * stride],
      weight[at + 3 * stride],
    );
    var bytes = vec4u(0);
    for (var i = 0u; i < 4; i++) {
      let q = codesOf(quantize(w[i], block, careful, &total));
      bytes |= select(vec4u(0), q, row + i < params.validRows) << vec4u(i * BITS % 8);
      if ((i + 1) * BITS % 8 == 0) {
        codes[word] = joined(bytes);
        word += step;
        bytes = vec4u(0);
      }
    }
    at += 1;
  }
  return total;
}

fn joined(bytes: vec4u) -> u32 {
  return bytes.x | (bytes.y << 8) | (bytes.z << 16) | (bytes.w << 24);
}

fn transpose4(a: vec4u, b: vec4u, c: vec4u, d: vec4u) -> array<vec4u, 4> {
  return array(
    vec4u(a.x, b.x, c.x, d.x),
    vec4u(a.y, b.y, c.y, d.y),
    vec4u(a.z, b.z, c.z, d.z),
    vec4u(a.w, b.w, c.w, d.w),
  );
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

// Keeps two roundings two: a compiler cannot fuse an operation with what it cannot see through.
fn fence(x: vec4f) -> vec4f { return bitcast<vec4f>(bitcast<vec4u>(x) ^ vec4u(params.zero)); }

// Codes as whole numbers. Not `careful`, the result may be wrong where `isUnsure` is then set.
fn quantize(bits: vec4u, block: Block, careful: bool, total: ptr<function, Errors>) -> vec4f {
  let top = vec4f(f32((1u << BITS) - 1));
  let w = bitcast<vec4f>(bits);
  var steps = fence(w * block.reciprocal);
  var value: vec4f;
  if (DIVIDES) {
    if (careful) {
      steps = quotients(bits, bitcast<vec4u>(block.scale));
    } else {
      // The product is within 2 ulp of the quotient; only near a tie can that change the code.
      let distance = abs(fract(steps + block.before) - 0.5);
      total.isUnsure |= any(distance < vec4f(f32(1u << BITS) * 0x1p-21)) || block.isTiny;
    }
    value = clamp(round(fence(steps + block.before)) + block.after, vec4f(0), top);
  } else {
    if (block.isTiny) { steps = tinyProducts(bits, block, steps); }
    let sum = clamp(steps + block.before, vec4f(0), top);
    let even = round(sum); // differs from half away from zero where a tie went down
    value = even + select(vec4f(0), vec4f(1), sum - even == vec4f(0.5));
  }
  let error = w - fence((value - (block.before + block.after)) * block.scale);
  total.squares += w * w;
  total.errors += error * error;
  total.largest = max(total.largest, abs(error));
  return value;
}

// The low mantissa bits of 2^23 + q are q: cheaper than a conversion that saturates.
fn codesOf(value: vec4f) -> vec4u {
  return bitcast<vec4u>(value + 0x1p23) & vec4u((1u << BITS) - 1);
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
