// What each output channel's errors cost the layer: an invocation takes one channel.
//
//   spread    f32 [K, stride]: errors times the factor, (E M)^T
//   diagonal  f32 [K]
//   losses    f32 [stride]: the channel's part of tr(E (H + lambda I) E^T)

struct Params { K: u32, stride: u32 }

@group(0) @binding(0) var<storage, read> spread: array<f32>;
@group(0) @binding(1) var<storage, read> diagonal: array<f32>;
@group(0) @binding(2) var<storage, read_write> losses: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let channel = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (channel >= params.stride) { return; }
  var loss = 0.0;
  for (var k = 0u; k < params.K; k++) {
    let own = spread[k * params.stride + channel];
    loss += diagonal[k] * own * own;
  }
  losses[channel] = loss;
}
