// The cut that AWQ makes of each block: of the tries, the first whose rounding gives the least error
// d H d' of the block's own part of the output.
//
//   weight   f32 [count, blockSize]: rows of whole blocks, the last of each row padded with zeros
//   gram     f32 [blockCount, blockSize, blockSize]: for each block of a row the products of its own
//            inputs, symmetric, padded with zeros; a factor of a block's changes nothing, so let
//            none exceed 1
//   cuts     u32 pairs [TRIES, count], from cut-ranges; the first try cuts nothing
//   blocks   u32 x 4 [TRIES, count], from block-parameters of `cuts`
//   choices  u32 [count]: which of the first `tried` tries
//
// d = w - (q - zeroPoint) * scale of the cut value's q, see quantize-element, in units of the block's
// largest magnitude; below 2^-96 all tries are alike. A try whose scale is infinite is never chosen.
//
// A workgroup takes one block, or as many small ones as it has invocations for; an invocation takes
// elements that lie as far apart. Tries go in fours, `columnStride` = count apart, so that what is
// read of `gram` serves all. Requires blockSize to be at most 256, `zero` = 0.

struct Params {
  count: u32,
  blockCount: u32,
  blockSize: u32,
  columnStride: u32,
  tried: u32,
  zero: u32,
}

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read> gram: array<f32>;
@group(0) @binding(2) var<storage, read> cuts: array<vec2u>;
@group(0) @binding(3) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> choices: array<u32>;
@group(0) @binding(5) var<uniform> params: Params;

const WORKGROUP_SIZE = 64u;
const FOURS = 3u; // TRIES / 4
const MAX_BLOCK = 256u;
const INFINITY = 0x7f800000u;

var<workgroup> errors: array<array<vec4f, FOURS>, MAX_BLOCK>; // then sums of each invocation

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let lanes = min(params.blockSize, WORKGROUP_SIZE);
  let together = WORKGROUP_SIZE / lanes;
  let place = lane / lanes;
  let first = lane % lanes;
  let slot = (id.y * grid.x + id.x) * together + place;
  let isUsed = place < together && slot < params.count;
  let start = place * params.blockSize;

  if (isUsed) { roundTries(slot, start, first, lanes); }
  workgroupBarrier();
  var sums = array<vec4f, FOURS>();
  if (isUsed) { sums = sumsOf(slot, start, first, lanes); }
  workgroupBarrier();
  errors[lane] = sums;
  for (var step = WORKGROUP_SIZE / 2; step > 0; step /= 2) {
    workgroupBarrier();
    if (isUsed && first < step && first + step < lanes) {
      for (var four = 0u; four < FOURS; four++) {
        errors[lane][four] += errors[lane + step][four];
      }
    }
  }
  if (isUsed && first == 0) { choices[slot] = choice(slot, lane); }
}

// Errors of the elements `first`, `first + lanes`, ... of a block under every try.
fn roundTries(slot: u32, start: u32, first: u32, lanes: u32) {
  let whole = bitcast<vec2f>(cuts[slot]);
  let unit = 1 / max(max(whole.x, -whole.y), 0x1p-96);
  for (var four = 0u; four < FOURS; four++) {
    let at = 4 * four * params.columnStride + slot;
    let block = blocksOf(at, params.columnStride);
    let a = bitcast<vec2f>(cuts[at]);
    let b = bitcast<vec2f>(cuts[at + params.columnStride]);
    let c = bitcast<vec2f>(cuts[at + 2 * params.columnStride]);
    let d = bitcast<vec2f>(cuts[at + 3 * params.columnStride]);
    let high = vec4f(a.x, b.x, c.x, d.x);
    let low = vec4f(a.y, b.y, c.y, d.y);
    for (var i = first; i < params.blockSize; i += lanes) {
      let w = weight[slot * params.blockSize + i];
      let cut = bitcast<vec4u>(clamp(vec4f(w), low, high));
      var own = quantize(cut, block, false);
      if (DIVIDES && own.isUnsure) { own = quantize(cut, block, true); }
      let stored = (own.code - (block.before + block.after)) * block.scale;
      errors[start + i][four] = (w - stored) * unit;
    }
  }
}

// What these elements add to d H d' of every try.
fn sumsOf(slot: u32, start: u32, first: u32, lanes: u32) -> array<vec4f, FOURS> {
  let size = params.blockSize;
  let square = slot % params.blockCount * size * size;
  var sums = array<vec4f, FOURS>();
  for (var i = first; i < size; i += lanes) {
    var row = array<vec4f, FOURS>();
    for (var j = 0u; j < size; j++) {
      let h = gram[square + j * size + i]; // of H[i, j], beside what the neighbour reads
      for (var four = 0u; four < FOURS; four++) { row[four] += h * errors[start + j][four]; }
    }
    for (var four = 0u; four < FOURS; four++) { sums[four] += row[four] * errors[start + i][four]; }
  }
  return sums;
}

fn choice(slot: u32, lane: u32) -> u32 {
  var best = 0u;
  var least = 0x1p127f;
  for (var i = 0u; i < params.tried; i++) {
    if ((blocks[i * params.columnStride + slot].x & MAGNITUDE) >= INFINITY) { continue; }
    let error = errors[lane][i / 4][i % 4];
    if (error < least) {
      least = error;
      best = i;
    }
  }
  return best;
}
