// How much a layer would miss each value of some columns, if nothing more were lost: an invocation takes
// one output channel.
//
//   corrected  f32 [width, stride]: weights with what columns before `first` lost made up for; becomes
//              what each would move by
//   weight     f32 [K, stride]
//   panels     f32: those of the blocks of SIDE columns from `first` on, one behind the other; that of
//              block b is [first + SIDE b + SIDE + 2, SIDE], columns of the factor, then D of each
//              column, then SIDE numbers that are not read
//   scores     f32 [width, stride]: D v^2, v being what the value becomes
//
// Channels beyond the matrix, up to `stride`, are computed too.

struct Params { first: u32, width: u32, stride: u32 }

@group(0) @binding(0) var<storage, read_write> corrected: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> panels: array<f32>;
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const SIDE = 32u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let channel = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (channel >= params.stride) { return; }
  for (var i = 0u; i < params.width; i++) {
    let block = i / SIDE;
    let panel = SIDE * block * (params.first + SIDE + 2) + SIDE * SIDE * (block * (block - min(block, 1)) / 2);
    let column = panel + params.first * SIDE + i % SIDE;
    let at = i * params.stride + channel;
    var value = corrected[at];
    for (var j = 0u; j < i; j++) {
      value -= corrected[j * params.stride + channel] * panels[column + j * SIDE];
    }
    corrected[at] = value - weight[(params.first + i) * params.stride + channel];
    let d = panels[panel + (params.first + SIDE * (block + 1)) * SIDE + i % SIDE];
    scores[at] = d * value * value;
  }
}
