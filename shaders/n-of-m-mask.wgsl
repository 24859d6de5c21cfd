// Which values to set to zero so that `keep` of every `groupSize` neighbours along an axis stay: those of
// smallest magnitude, of equals the earlier. A tail of t loses floor(t * (groupSize - keep) / groupSize).
//
//   values    f32 bits [count / (axisLength * inner), axisLength, inner]; groups start at the head
//             of the axis
//   mask      u32 [ceil(count / 32)]: bit i % 32 of word i / 32 is set where value i goes
//   partials  f32 x 4, as many as words: sum w^2, sum e^2, max |e|, unused, each of some 32 values
//             near its word; e = w where w goes, else 0
//   faults    u32 [1]: values that are not finite; added to
//
// Every value counts who goes before it, so no group has to lie within a word. Neighbouring
// invocations take neighbouring values, which a GPU loads together.

struct Params { count: u32, axisLength: u32, inner: u32, keep: u32, groupSize: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> mask: array<u32>;
@group(0) @binding(2) var<storage, read_write> partials: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> faults: array<atomic<u32>>;
@group(0) @binding(4) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const MAGNITUDE = 0x7fffffffu;
const INFINITY = 0x7f800000u;

var<workgroup> goes: array<atomic<u32>, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let wordCount = (params.count + 31) / 32;
  let first = min((group.y * grid.x + group.x) * WORKGROUP_SIZE, wordCount);
  let words = min(WORKGROUP_SIZE, wordCount - first);
  var nonFinite = 0u;
  var partial = vec4f(0);
  for (var place = lane; lane < words && place < 32 * words; place += words) {
    let index = 32 * first + place;
    if (index >= params.count) { break; }
    let bits = values[index];
    if ((bits & MAGNITUDE) >= INFINITY) {
      nonFinite++;
      continue;
    }
    let w = bitcast<f32>(bits);
    partial.x += w * w;
    if (isPruned(index, bits & MAGNITUDE)) {
      atomicOr(&goes[place / 32], 1u << (place % 32));
      partial.y += w * w;
      partial.z = max(partial.z, abs(w));
    }
  }
  workgroupBarrier();
  if (lane < words) {
    mask[first + lane] = atomicLoad(&goes[lane]);
    partials[first + lane] = partial;
  }
  if (nonFinite > 0) { atomicAdd(&faults[0], nonFinite); }
}

fn isPruned(index: u32, magnitude: u32) -> bool {
  let position = index / params.inner % params.axisLength;
  let place = position % params.groupSize;
  let length = min(params.groupSize, params.axisLength - (position - place));
  let leaving = length * (params.groupSize - params.keep) / params.groupSize;
  var at = index - place * params.inner;
  var earlier = 0u;
  for (var other = 0u; other < length; other++) {
    let rival = values[at] & MAGNITUDE;
    earlier += select(0u, 1u, rival < magnitude || (rival == magnitude && other < place));
    at += params.inner;
  }
  return earlier < leaving;
}
