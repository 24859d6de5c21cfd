// Which values to set to zero: all below a magnitude, and of those equal to it the first `ties`.
//
//   values      f32 bits [count], padded to a multiple of 4; finite
//   tiesBefore  u32 [ceil(count / 32)]: equal ones before every 32 values (tie-counts, scan-counts)
//   mask        u32 [ceil(count / 32)]: bit i % 32 of word i / 32 is set where value i goes
//   partials    f32 x 4 per word: sum w^2, sum e^2, max |e|, unused; e = w where w goes, else 0

struct Params { count: u32, threshold: u32, ties: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4u>;
@group(0) @binding(1) var<storage, read> tiesBefore: array<u32>;
@group(0) @binding(2) var<storage, read_write> mask: array<u32>;
@group(0) @binding(3) var<storage, read_write> partials: array<vec4f>;
@group(0) @binding(4) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const MAGNITUDE = 0x7fffffffu;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let word = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (word >= (params.count + 31) / 32) { return; }
  var seen = tiesBefore[word];
  var goes = 0u;
  var squares = vec4f(0);
  var errors = vec4f(0);
  var largest = vec4f(0);
  for (var i = 0u; i < 8; i++) {
    let first = 32 * word + 4 * i;
    if (first >= params.count) { break; }
    let isInside = vec4u(first) + vec4u(0, 1, 2, 3) < vec4u(params.count);
    let bits = select(vec4u(0), values[8 * word + i], isInside);
    let magnitude = bits & vec4u(MAGNITUDE);
    let isTie = isInside & (magnitude == vec4u(params.threshold));
    let tie = select(vec4u(0), vec4u(1), isTie);
    let before = vec4u(seen) + vec4u(0, tie.x, tie.x + tie.y, tie.x + tie.y + tie.z);
    seen = before.w + tie.w;
    let isBelow = isInside & (magnitude < vec4u(params.threshold));
    let isPruned = isBelow | (isTie & (before < vec4u(params.ties)));
    let bit = select(vec4u(0), vec4u(1, 2, 4, 8), isPruned);
    goes |= (bit.x | bit.y | bit.z | bit.w) << (4 * i);
    let w = bitcast<vec4f>(bits);
    let e = select(vec4f(0), w, isPruned);
    squares += w * w;
    errors += e * e;
    largest = max(largest, abs(e));
  }
  mask[word] = goes;
  let worst = max(largest.xy, largest.zw);
  partials[word] = vec4f(
    (squares.x + squares.y) + (squares.z + squares.w),
    (errors.x + errors.y) + (errors.z + errors.w),
    max(worst.x, worst.y),
    0,
  );
}
