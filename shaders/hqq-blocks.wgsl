// The float zero of half-quadratic quantization as an integer: both neighbours, each with the scale
// refitted by the same split, and of all the one with the least sum |w - (q - z) * scale|^0.7.
//
//   weight  f32 [rows, rowLength]; each row has groups of its own, the last of which may be ragged
//   steps   f32 [groups], zeros f32 [groups]: of hqq-zeros
//   blocks  f32 x 2 [groups]: scale, zero point
//
// One group per invocation.

struct Params { groups: u32, rowLength: u32, groupSize: u32, bits: u32 }

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read> steps: array<f32>;
@group(0) @binding(2) var<storage, read> zeros: array<f32>;
@group(0) @binding(3) var<storage, read_write> blocks: array<vec2f>;
@group(0) @binding(4) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const REFITS = 3;
const BETA = 10.0;
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

  var best = vec2f(steps[index], clamp(round(zeros[index]), 0, top));
  var least = LARGEST;
  for (var neighbour = 0; neighbour < 2; neighbour++) {
    let zeroPoint = clamp(floor(zeros[index]) + f32(neighbour), 0, top);
    var scale = steps[index];
    for (var refit = 0; refit <= REFITS; refit++) {
      var norm = 0.0;
      var above = 0.0;
      var below = 0.0;
      for (var i = 0u; i < length; i++) {
        let w = weight[start + i];
        let level = clamp(round(w / scale + zeroPoint), 0, top) - zeroPoint;
        let rest = w - level * scale;
        let size = abs(rest);
        let slope = select(pow(max(size, 0x1p-126f), -0.3), 0, size == 0);
        norm += size * slope;
        // What the level is to stand for: w less what is shrunk away.
        above += level * (level * scale + sign(rest) * min(size, slope / BETA));
        below += level * level;
      }
      if (norm < least) {
        least = norm;
        best = vec2f(scale, zeroPoint);
      }
      if (!(below > 0) || !(above > 0)) { break; }
      scale = above / below;
    }
  }
  blocks[index] = best;
}
