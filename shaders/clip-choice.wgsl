// Ranges of blocks shrunk by the factor of least error, the first of equals.
//
//   errors   f32 [factors, count], from block-errors
//   factors  f32 [factors], the first of them 1
//   ranges   u32 pairs [count], as block-ranges leaves them

struct Params { count: u32, factorCount: u32 }

@group(0) @binding(0) var<storage, read> errors: array<f32>;
@group(0) @binding(1) var<storage, read> factors: array<f32>;
@group(0) @binding(2) var<storage, read_write> ranges: array<vec2u>;
@group(0) @binding(3) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.count) { return; }
  var best = 0u;
  var least = errors[index];
  for (var i = 1u; i < params.factorCount; i++) {
    let error = errors[i * params.count + index];
    if (error < least) {
      least = error;
      best = i;
    }
  }
  ranges[index] = shrunk(ranges[index], factors[best]);
}
