// Groups along the rows of a weight whose length need not be a multiple of anything: part of
// group-ranges and settle-blocks.
//
// Uses the binding `weight` (f32 bits [rows, rowLength], four to an element, the last of which is
// whole) and `params.rowLength`, `params.groupSize`. Each row has groups of its own, the last of
// which may be ragged; an element may hold values of neighbouring groups.

// Where the values of a group start and end.
fn groupOf(index: u32) -> vec2u {
  let rowGroups = (params.rowLength + params.groupSize - 1) / params.groupSize;
  let first = index % rowGroups * params.groupSize;
  let start = index / rowGroups * params.rowLength + first;
  return vec2u(start, start + min(params.groupSize, params.rowLength - first));
}

// Which values of four are the group's.
fn isOf(group: vec2u, at: u32) -> vec4<bool> {
  let places = vec4u(4 * at) + vec4u(0, 1, 2, 3);
  return (places >= vec4u(group.x)) & (places < vec4u(group.y));
}

// Four values, 0 where they are not the group's.
fn valuesOf(group: vec2u, at: u32) -> vec4u {
  return select(vec4u(0), weight[at], isOf(group, at));
}
