// Error feedback through some columns of a layer: an invocation takes one output channel.
//
//   corrected  f32 [SIDE, stride]: weights with what earlier blocks' columns lost made up for
//   weight     f32 [K, stride]
//   panel      f32 [first + SIDE + 2, SIDE]: columns of the factor, then D of each column, then its
//              block
//   levels     f32 x 2 [blocks, stride]: scale and zero point of unsigned codes
//   goes       u32 [K, stride / 32]: bit i of word r: channel 32 r + i becomes 0 here
//   errors     f32 [K, stride]: weight less what it became, written for these columns
//   codes      u32 [K, stride], written for these columns
//   losses     f32 [stride]: grows by what these columns add to tr(E (H + lambda I) E^T)
//
// Column k is settled at corrected[k] + sum over earlier columns j of errors[j] panel[j, k]. Codes
// are the nearest; between two that are equally near, rounding decides, as good as either.
// Channels beyond the matrix, up to `stride`, are computed too; stride is a multiple of 32.

override BITS: u32;

struct Params { first: u32, width: u32, stride: u32 }

@group(0) @binding(0) var<storage, read> corrected: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> panel: array<f32>;
@group(0) @binding(3) var<storage, read> levels: array<vec2f>;
@group(0) @binding(4) var<storage, read> goes: array<u32>;
@group(0) @binding(5) var<storage, read_write> errors: array<f32>;
@group(0) @binding(6) var<storage, read_write> codes: array<u32>;
@group(0) @binding(7) var<storage, read_write> losses: array<f32>;
@group(0) @binding(8) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const SIDE = 32u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let channel = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (channel >= params.stride) { return; }
  let top = f32((1u << BITS) - 1);
  let triangle = params.first * SIDE;
  let facts = triangle + SIDE * SIDE;
  var lost: array<f32, SIDE>;
  var loss = losses[channel];
  for (var i = 0u; i < params.width; i++) {
    let column = params.first + i;
    let at = column * params.stride + channel;
    let w = weight[at];
    var value = corrected[i * params.stride + channel];
    for (var j = 0u; j < i; j++) { value += lost[j] * panel[triangle + j * SIDE + i]; }

    let block = u32(panel[facts + SIDE + i]);
    let level = levels[block * params.stride + channel];
    let word = goes[column * (params.stride / 32) + channel / 32];
    let isPruned = ((word >> (channel % 32)) & 1) == 1;
    let steps = select(0, value / level.x, level.x != 0);
    let code = select(clamp(round(steps + level.y), 0, top), level.y, isPruned);
    let kept = (code - level.y) * level.x;
    lost[i] = w - kept;
    errors[at] = lost[i];
    codes[at] = u32(code);
    loss += panel[facts + i] * (value - kept) * (value - kept);
  }
  losses[channel] = loss;
}
