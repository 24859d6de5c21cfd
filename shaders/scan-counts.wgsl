// Turns counts into the sums of those before them. One workgroup, which takes 4096 neighbours at a
// time, so that what is loaded together is used together.
//
//   counts  u32 [count]; becomes total[0] + the sum of the earlier counts
//   total   u32 [1]; grows by the sum of all counts, so that the next call continues

struct Params { count: u32 }

@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<storage, read_write> total: array<u32>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 256;
const COUNTS_PER_INVOCATION = 16;

var<workgroup> sums: array<u32, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(local_invocation_index) lane: u32) {
  var before = total[0];
  for (var start = 0u; start < params.count; start += WORKGROUP_SIZE * COUNTS_PER_INVOCATION) {
    let first = min(start + lane * COUNTS_PER_INVOCATION, params.count);
    let end = min(first + COUNTS_PER_INVOCATION, params.count);
    var own = 0u;
    for (var i = first; i < end; i++) { own += counts[i]; }
    sums[lane] = own;
    workgroupBarrier();
    for (var reach = 1u; reach < WORKGROUP_SIZE; reach *= 2) {
      let earlier = select(0u, sums[lane - min(lane, reach)], lane >= reach);
      workgroupBarrier();
      sums[lane] += earlier;
      workgroupBarrier();
    }
    var sum = before + sums[lane] - own;
    for (var i = first; i < end; i++) {
      let count = counts[i];
      counts[i] = sum;
      sum += count;
    }
    before += sums[WORKGROUP_SIZE - 1];
    workgroupBarrier();
  }
  if (lane == 0) { total[0] = before; }
}
