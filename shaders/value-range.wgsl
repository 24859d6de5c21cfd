// Extremes of a tensor, non-finite values left out and counted.
//
//   values  f32 bits [count]
//   ranges  f32 bits x 4 [groups]: minimum, maximum, non-finite count, finite count; bounds mean
//           nothing where the finite count is 0. Group g takes values g, g + groups, ...
//
// Compares bit patterns mapped to integers in the order of their values (-0 before 0).

struct Params { count: u32, groups: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> ranges: array<vec4u>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let group = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (group >= params.groups) { return; }
  var low = 0x7fffffffi;
  var high = -0x7fffffffi;
  var finite = 0u;
  var nonFinite = 0u;
  for (var i = group; i < params.count; i += params.groups) {
    let bits = values[i];
    if ((bits & 0x7f800000) == 0x7f800000) {
      nonFinite++;
      continue;
    }
    finite++;
    low = min(low, ordered(bits));
    high = max(high, ordered(bits));
  }
  ranges[group] = vec4u(bitsOf(low), bitsOf(high), nonFinite, finite);
}

fn ordered(bits: u32) -> i32 {
  let value = bitcast<i32>(bits);
  return value ^ ((value >> 31) & 0x7fffffff);
}

// The mapping is its own inverse.
fn bitsOf(value: i32) -> u32 { return bitcast<u32>(value ^ ((value >> 31) & 0x7fffffff)); }
