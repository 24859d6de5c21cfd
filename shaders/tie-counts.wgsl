// How many of every 32 values have exactly the magnitude `threshold`.
//
//   values  f32 bits [count], padded to a multiple of 4
//   counts  u32 [ceil(count / 32)]

struct Params { count: u32, threshold: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const MAGNITUDE = 0x7fffffffu;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let word = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (word >= (params.count + 31) / 32) { return; }
  var found = vec4u(0);
  for (var i = 0u; i < 8; i++) {
    let first = 32 * word + 4 * i;
    if (first >= params.count) { break; }
    let isEqual = (values[8 * word + i] & vec4u(MAGNITUDE)) == vec4u(params.threshold);
    let isInside = vec4u(first) + vec4u(0, 1, 2, 3) < vec4u(params.count);
    found += select(vec4u(0), vec4u(1), isEqual & isInside);
  }
  counts[word] = found.x + found.y + found.z + found.w;
}
