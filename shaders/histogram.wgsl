// Counts of values in equal bins over [-bound, bound]: bin = floor((w + bound) * binsPerUnit), the
// sum and the product each rounded to f32, clamped to the first and last bin. Non-finite values are
// left out.
//
//   values  f32 bits [count]
//   counts  u32 [bins], bins <= 256; added to, so clear them first
//
// Each workgroup counts 8192 values in its own memory first.

struct Params { count: u32, bins: u32, bound: f32, binsPerUnit: f32, zero: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const VALUES_PER_INVOCATION = 128;
const MAX_BINS = 256;

var<workgroup> own: array<atomic<u32>, MAX_BINS>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = (group.y * grid.x + group.x) * WORKGROUP_SIZE * VALUES_PER_INVOCATION + lane;
  for (var i = 0u; i < VALUES_PER_INVOCATION; i++) {
    let at = first + i * WORKGROUP_SIZE;
    if (at >= params.count) { break; }
    let bits = values[at];
    if ((bits & 0x7f800000) == 0x7f800000) { continue; }
    let sum = bitcast<f32>(bits) + params.bound;
    let position = bitcast<f32>(bitcast<u32>(sum) ^ params.zero) * params.binsPerUnit;
    let bin = clamp(position, 0, f32(params.bins - 1));
    atomicAdd(&own[u32(bin)], 1u);
  }
  workgroupBarrier();
  for (var bin = lane; bin < params.bins; bin += WORKGROUP_SIZE) {
    atomicAdd(&counts[bin], atomicLoad(&own[bin]));
  }
}
