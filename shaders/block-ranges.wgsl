// The extremes of every block, as bit patterns: no operation on them can round or flush.
//
//   weight  f32 bits [rows, columns] or, transposed, [columns, rows]; rows run along the blocks
//   ranges  u32 pairs, at `column * columnStride + block * blockStride`:
//           largest positive value (0 if none), bits of the most negative value
//           (below 0x80000000 if none). Accumulated, so clear them first.
//
// Among non-negative floats the bits grow with the value, and as signed integers they exceed those
// of every negative float; among negative floats the bits grow with the magnitude, and as unsigned
// integers they exceed those of every non-negative float. So two integer maxima give both extremes.
//
// Four columns of one block per invocation; transposed: one column. Requires rows to be whole
// blocks and a multiple of 4, and columns a multiple of 4 unless transposed.

override TRANSPOSED: bool;

struct Params {
  rows: u32,
  columns: u32,
  blockSize: u32,
  columnStride: u32,
  blockStride: u32,
}

@group(0) @binding(0) var<storage, read> weight: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> ranges: array<vec2u>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  let blocks = params.rows / params.blockSize;
  let across = select(params.columns / 4, params.columns, TRANSPOSED);
  if (index >= blocks * across) { return; }

  var block: u32;
  var column: u32;
  var at: u32;
  var step: u32;
  var loads: u32;
  if (TRANSPOSED) {
    block = index % blocks;
    column = index / blocks;
    at = (column * params.rows + block * params.blockSize) / 4;
    step = 1;
    loads = params.blockSize / 4;
  } else {
    block = index / across;
    column = 4 * (index % across);
    at = (block * params.blockSize * params.columns + column) / 4;
    step = across;
    loads = params.blockSize;
  }

  var high = vec4i(0);
  var low = vec4u(0);
  for (var load = 0u; load < loads; load++) {
    let bits = weight[at];
    high = max(high, bitcast<vec4i>(bits));
    low = max(low, bits);
    at += step;
  }

  let slot = column * params.columnStride + block * params.blockStride;
  if (TRANSPOSED) {
    widen(slot, max(max(high.x, high.y), max(high.z, high.w)),
      max(max(low.x, low.y), max(low.z, low.w)));
  } else {
    widen(slot, high.x, low.x);
    widen(slot + params.columnStride, high.y, low.y);
    widen(slot + 2 * params.columnStride, high.z, low.z);
    widen(slot + 3 * params.columnStride, high.w, low.w);
  }
}

fn widen(slot: u32, high: i32, low: u32) {
  ranges[slot] = max(ranges[slot], vec2u(u32(high), low));
}
