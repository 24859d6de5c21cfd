// Ranges of blocks after their values were cut to shares of their largest magnitude.
//
//   ranges  u32 pairs [count], as block-ranges leaves them
//   shares  f32 [tried], from 0 to 1
//   cuts    u32 pairs [tried, count]: bits of the largest value (0 if none is positive) and of the
//           most negative one (-0 if none is)
//
// Magnitudes below 2^-96 stay: their products would leave the normal range of floats, which an
// adapter may flush.

struct Params { count: u32, tried: u32 }

@group(0) @binding(0) var<storage, read> ranges: array<vec2u>;
@group(0) @binding(1) var<storage, read> shares: array<f32>;
@group(0) @binding(2) var<storage, read_write> cuts: array<vec2u>;
@group(0) @binding(3) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const SIGN = 0x80000000u;
const LEAST_CUT = 0x0f800000u; // 2^-96

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.count * params.tried) { return; }
  let range = ranges[index % params.count];
  let high = range.x;
  let low = select(0u, range.y & ~SIGN, range.y >= SIGN);
  var limit = max(high, low);
  if (limit >= LEAST_CUT) {
    limit = bitcast<u32>(bitcast<f32>(limit) * shares[index / params.count]);
  }
  cuts[index] = vec2u(min(high, limit), SIGN | min(low, limit));
}
