// The extremes of every group along the rows of a weight, as bit patterns. The same as
// block-ranges, which says why, for rows of any length.
//
//   weight  f32 bits [rows, rowLength], see row-groups
//   ranges  u32 pairs [groups]: largest positive value (0 if none), bits of the most negative value
//           (below 0x80000000 if none)
//
// One group per invocation.

struct Params { groups: u32, rowLength: u32, groupSize: u32 }

@group(0) @binding(0) var<storage, read> weight: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> ranges: array<vec2u>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.groups) { return; }
  let group = groupOf(index);
  var high = vec4i(0);
  var low = vec4u(0);
  for (var at = group.x / 4; 4 * at < group.y; at++) {
    let bits = valuesOf(group, at);
    high = max(high, bitcast<vec4i>(bits));
    low = max(low, bits);
  }
  ranges[index] = vec2u(
    u32(max(max(high.x, high.y), max(high.z, high.w))),
    max(max(low.x, low.y), max(low.z, low.w)),
  );
}
