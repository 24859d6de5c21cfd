// Ranges of blocks, shrunk by some of the factors that a clip search tries.
//
//   ranges      u32 pairs [count], as block-ranges leaves them
//   factors     f32 [all factors]
//   candidates  u32 pairs [tried, count]: the ranges times factors[first], factors[first + 1], ...
//
// Magnitudes below 2^-96 stay, and so does their whole block: their products would leave the normal
// range of floats, which an adapter may flush.

struct Params { count: u32, first: u32, tried: u32 }

@group(0) @binding(0) var<storage, read> ranges: array<vec2u>;
@group(0) @binding(1) var<storage, read> factors: array<f32>;
@group(0) @binding(2) var<storage, read_write> candidates: array<vec2u>;
@group(0) @binding(3) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.count * params.tried) { return; }
  let range = ranges[index % params.count];
  candidates[index] = shrunk(range, factors[params.first + index / params.count]);
}
