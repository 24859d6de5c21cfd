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
// quantize-element says which code a weight gets.
// Codes of rows at or beyond `validRows` are 0. One invocation takes 4 columns by 8 rows
// (16 where a word holds 16 codes), or 32 rows of one column if both sides run along rows.
// Requires rows to be a multiple of 16 and of blockSize, columns of 4.

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
  var at = (column * params.rows + firstRow) / 4;
  var word = at * BITS / 8;
  var row = firstRow;
  while (row < end) {
    let block = splat(blocks[slotOf(column, row)]);
    var packed = 0u;
    for (var i = 0u; i < 4; i++) {
      let value = quantized(weight[at], block, careful, &total);
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
  let block = blocksOf(slotOf(column, firstRow), params.columnStride);
  let stride = params.rows * BITS / 32;
  var word = column * stride + firstRow * BITS / 32;
  var at = (firstRow * params.columns + column) / 4;
  var row = firstRow;
  let end = firstRow + select(8u, 16u, BITS == 2);
  while (row < end) {
    var packed = vec4u(0);
    for (var shift = 0u; shift < 32; shift += BITS) {
      let q = codesOf(quantized(weight[at], block, careful, &total));
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
  let block = blocksOf(slotOf(column, firstRow), params.columnStride);
  let step = params.columns / 4;
  var word = (firstRow * BITS / 8 * params.columns + column) / 4;
  var at = (firstRow * params.columns + column) / 4;
  var bytes = vec4u(0);
  for (var i = 0u; i < 8; i++) {
    let q = codesOf(quantized(weight[at], block, careful, &total));
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
  let block = blocksOf(slotOf(column, firstRow), params.columnStride);
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
      let q = codesOf(quantized(w[i], block, careful, &total));
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

fn slotOf(column: u32, row: u32) -> u32 {
  return column * params.columnStride + row / params.blockSize * params.blockStride;
}

// Codes as whole numbers, with what they add to the errors.
fn quantized(bits: vec4u, block: Block, careful: bool, total: ptr<function, Errors>) -> vec4f {
  let own = quantize(bits, block, careful);
  let w = bitcast<vec4f>(bits);
  total.squares += w * w;
  total.errors += own.error * own.error;
  total.largest = max(total.largest, abs(own.error));
  total.isUnsure |= own.isUnsure;
  return own.code;
}

// The low mantissa bits of 2^23 + q are q: cheaper than a conversion that saturates.
fn codesOf(value: vec4f) -> vec4u {
  return bitcast<vec4u>(value + 0x1p23) & vec4u((1u << BITS) - 1);
}
