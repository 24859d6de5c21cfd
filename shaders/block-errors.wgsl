// Squared error of every block under each of several scales, for a clip search.
//
//   weight  f32 bits [rows, columns] or, transposed, [columns, rows]; rows run along the blocks
//   blocks  u32 x 4 [tried, count], from block-parameters; within a try at
//           `column * columnStride + block * blockStride`
//   errors  f32 [all tries, count], from try `first` on; added to, so clear them first
//
// e = w - (q - zeroPoint) * scale, see quantize-element; e * e is rounded to f32, counts as 0 below
// the normal range, and is added to one f32 in the order of rows.
// Four columns of one block per invocation; transposed: one column. Requires rows to be whole
// blocks and a multiple of 16, columns a multiple of 4.

override TRANSPOSED: bool;

struct Params {
  rows: u32,
  columns: u32,
  blockSize: u32,
  columnStride: u32,
  blockStride: u32,
  count: u32,
  first: u32,
  tried: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> weight: array<vec4u>;
@group(0) @binding(1) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> errors: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const CHUNK = 4; // loads between two looks at whether one of them was unsure

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  let across = select(params.columns / 4, params.columns, TRANSPOSED);
  let perTry = params.rows / params.blockSize * across;
  if (index >= params.tried * perTry) { return; }
  let attempt = index / perTry;
  let within = index % perTry;
  if (TRANSPOSED) {
    addAlong(attempt, within / (perTry / across), within % (perTry / across));
  } else {
    addDown(attempt, 4 * (within % across), within / across);
  }
}

fn addDown(attempt: u32, column: u32, block: u32) {
  let slot = column * params.columnStride + block * params.blockStride;
  let parameters = blocksOf(attempt * params.count + slot, params.columnStride);
  let step = params.columns / 4;
  var at = (block * params.blockSize * params.columns + column) / 4;
  let out = (params.first + attempt) * params.count + slot;
  let next = params.columnStride;
  var sum = vec4f(errors[out], errors[out + next], errors[out + 2 * next], errors[out + 3 * next]);
  for (var row = 0u; row < params.blockSize; row += CHUNK) {
    var isUnsure = false;
    var part = sum;
    for (var i = 0u; i < CHUNK; i++) {
      let own = quantize(weight[at + i * step], parameters, false);
      part += square(own.error);
      isUnsure |= own.isUnsure;
    }
    if (DIVIDES && isUnsure) {
      part = sum;
      for (var i = 0u; i < CHUNK; i++) {
        part += square(quantize(weight[at + i * step], parameters, true).error);
      }
    }
    sum = part;
    at += CHUNK * step;
  }
  errors[out] = sum.x;
  errors[out + next] = sum.y;
  errors[out + 2 * next] = sum.z;
  errors[out + 3 * next] = sum.w;
}

fn addAlong(attempt: u32, column: u32, block: u32) {
  let slot = column * params.columnStride + block * params.blockStride;
  let parameters = splat(blocks[attempt * params.count + slot]);
  var at = (column * params.rows + block * params.blockSize) / 4;
  let out = (params.first + attempt) * params.count + slot;
  var sum = errors[out];
  for (var row = 0u; row < params.blockSize; row += 4 * CHUNK) {
    var isUnsure = false;
    var part = sum;
    for (var i = 0u; i < CHUNK; i++) {
      let own = quantize(weight[at + i], parameters, false);
      part = addedInOrder(part, square(own.error));
      isUnsure |= own.isUnsure;
    }
    if (DIVIDES && isUnsure) {
      part = sum;
      for (var i = 0u; i < CHUNK; i++) {
        part = addedInOrder(part, square(quantize(weight[at + i], parameters, true).error));
      }
    }
    sum = part;
    at += CHUNK;
  }
  errors[out] = sum;
}

fn square(error: vec4f) -> vec4f {
  let product = fence(error * error);
  return select(product, vec4f(0), product < vec4f(0x1p-126));
}

fn addedInOrder(sum: f32, terms: vec4f) -> f32 {
  return (((sum + terms.x) + terms.y) + terms.z) + terms.w;
}
