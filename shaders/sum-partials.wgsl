// Folds the error partials of quantize-codes: sums of the first two components, the largest third.
//
//   partials  f32 x 4 [count]
//   sums      f32 x 4 [groups]; group g takes partials g, g + groups, ... in that order

struct Params { count: u32, groups: u32 }

@group(0) @binding(0) var<storage, read> partials: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> sums: array<vec4f>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let group = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (group >= params.groups) { return; }
  var sum = vec4f(0);
  for (var i = group; i < params.count; i += params.groups) {
    let partial = partials[i];
    sum = vec4f(sum.xy + partial.xy, max(sum.z, partial.z), 0);
  }
  sums[group] = sum;
}
