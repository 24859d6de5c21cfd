// Counts of the digits of |w|, for one pass of a radix select. Magnitudes are bit patterns without
// their sign, which order as their values do; -0 counts as 0.
//
//   values  f32 bits [count], padded to a multiple of 4
//   counts  u32 [2049]; added to, so clear them first: [digit] values whose magnitude has `prefix`
//           above `shift + digitBits` and `digit` above `shift`; [2048] values that are not finite,
//           which are counted nowhere else
//
// Each workgroup counts 32768 values in its own memory first.

struct Params { count: u32, shift: u32, digitBits: u32, prefix: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 256;
const LOADS_PER_INVOCATION = 32;
const MAGNITUDE = 0x7fffffffu;
const INFINITY = 0x7f800000u;
const NON_FINITE = 2048;

var<workgroup> own: array<atomic<u32>, 2049>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group.y * grid.x + group.x) * WORKGROUP_SIZE * LOADS_PER_INVOCATION + lane;
  for (var load = 0u; load < LOADS_PER_INVOCATION; load++) {
    let at = first + load * WORKGROUP_SIZE;
    if (4 * at >= params.count) { break; }
    let magnitudes = values[at] & vec4u(MAGNITUDE);
    let left = params.count - 4 * at;
    countOne(magnitudes.x);
    if (left > 1) { countOne(magnitudes.y); }
    if (left > 2) { countOne(magnitudes.z); }
    if (left > 3) { countOne(magnitudes.w); }
  }
  workgroupBarrier();
  for (var bin = lane; bin <= NON_FINITE; bin += WORKGROUP_SIZE) {
    let found = atomicLoad(&own[bin]);
    if (found > 0) { atomicAdd(&counts[bin], found); }
  }
}

fn countOne(magnitude: u32) {
  if (magnitude >= INFINITY) {
    atomicAdd(&own[NON_FINITE], 1u);
    return;
  }
  let above = magnitude >> params.shift;
  let digit = above & ((1u << params.digitBits) - 1);
  if ((above >> params.digitBits) == params.prefix) { atomicAdd(&own[digit], 1u); }
}
