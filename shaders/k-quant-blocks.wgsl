// Scale and zero point of every block by weighted least squares over 21 grids around its range.
//
//   weight  f32 [rows, rowLength]; each row has groups of its own, the last of which may be ragged
//   blocks  f32 x 2 [groups]: scale, zero point
//
// One group per invocation. A grid's codes are computed again in each of its passes, because they
// find no room in registers.

struct Params { groups: u32, rowLength: u32, groupSize: u32, bits: u32 }

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read_write> blocks: array<vec2f>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const STEPS = 20;
const LARGEST = 0x1.fffffep+127f;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.groups) { return; }
  let rowGroups = (params.rowLength + params.groupSize - 1) / params.groupSize;
  let first = index % rowGroups * params.groupSize;
  let start = index / rowGroups * params.rowLength + first;
  let length = min(params.groupSize, params.rowLength - first);
  let top = f32((1u << params.bits) - 1);

  var low = weight[start];
  var high = low;
  var squares = 0.0;
  for (var i = 0u; i < length; i++) {
    let w = weight[start + i];
    low = min(low, w);
    high = max(high, w);
    squares += w * w;
  }
  if (low == high) {
    blocks[index] = vec2f(select(low, 1, low == 0), 0);
    return;
  }
  let rms = sqrt(squares / f32(length));

  var best = vec2f((high - low) / top, 0);
  var least = LARGEST;
  for (var step = -1; step < STEPS; step++) {
    let reach = select(f32(step) / 10 - 1, 0, step < 0);
    let inverse = (top + reach) / (high - low);
    // Where the line through (code, value) is 0; values about `low`, so that sums cancel less.
    var sumW = 0.0;
    var sumX = 0.0;
    var sumL = 0.0;
    var sumLL = 0.0;
    var sumXL = 0.0;
    for (var i = 0u; i < length; i++) {
      let value = weight[start + i];
      let x = value - low;
      let l = min(round(inverse * x), top);
      let w = rms + abs(value);
      sumW += w;
      sumX += w * x;
      sumL += w * l;
      sumLL += w * l * l;
      sumXL += w * x * l;
    }
    let slope = sumW * sumXL - sumX * sumL;
    if (!(slope > 0)) { continue; }
    let zero = (sumL * sumXL - sumLL * sumX - low * (sumW * sumLL - sumL * sumL)) / slope;
    let zeroPoint = clamp(round(zero), 0, top);

    var above = 0.0;
    var below = 0.0;
    for (var i = 0u; i < length; i++) {
      let value = weight[start + i];
      let level = min(round(inverse * (value - low)), top) - zeroPoint;
      let weighted = (rms + abs(value)) * level;
      above += weighted * value;
      below += weighted * level;
    }
    if (!(above > 0) || !(below > 0)) { continue; }
    let scale = above / below;

    var error = 0.0;
    for (var i = 0u; i < length; i++) {
      let value = weight[start + i];
      let q = clamp(round(value / scale + zeroPoint), 0, top);
      let rest = value - (q - zeroPoint) * scale;
      error += (rms + abs(value)) * rest * rest;
    }
    if (error < least) {
      least = error;
      best = vec2f(scale, zeroPoint);
    }
  }
  blocks[index] = best;
}
