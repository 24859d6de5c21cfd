// Turns counts into the sums of those before them. One workgroup.
//
//   counts  u32 [count]; becomes total[0] + the sum of the earlier counts
//   total   u32 [1]; grows by the sum of all counts, so that the next call continues

struct Params { count: u32 }

@group(0) @binding(0) var<storage, read_write> counts: array<u32>;
@group(0) @binding(1) var<storage, read_write> total: array<u32>;
@group(0) @binding(2) var<uniform> params: Params;

const WORKGROUP_SIZE = 256;

var<workgroup> sums: array<u32, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(local_invocation_index) lane: u32) {
  let each = (params.count + WORKGROUP_SIZE - 1) / WORKGROUP_SIZE;
  let first = min(lane * each, params.count);
  let end = min(first + each, params.count);
  var sum = 0u;
  for (var i = first; i < end; i++) { sum += counts[i]; }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane == 0) {
    var before = total[0];
    for (var i = 0u; i < WORKGROUP_SIZE; i++) {
      let own = sums[i];
      sums[i] = before;
      before += own;
    }
    total[0] = before;
  }
  workgroupBarrier();
  var before = sums[lane];
  for (var i = first; i < end; i++) {
    let own = counts[i];
    counts[i] = before;
    before += own;
  }
}
