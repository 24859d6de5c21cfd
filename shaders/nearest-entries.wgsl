// For each value the nearest entry of an ascending palette: how many middles between entries it
// exceeds.
//
//   values   f32 [count]: from value `first` on of [outer, channels, inner]
//   middles  f32 [palettes, size - 1]; of a palette's channels `sharing` neighbours
//   codes    u32 [ceil(count / 4)]: four codes a word, the first lowest
//
// Four values per invocation.

struct Params { count: u32, first: u32, size: u32, channels: u32, inner: u32, sharing: u32 }

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> middles: array<f32>;
@group(0) @binding(2) var<storage, read_write> codes: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let word = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (4 * word >= params.count) { return; }
  var packed = 0u;
  for (var i = 0u; i < min(4, params.count - 4 * word); i++) {
    packed |= nearest(4 * word + i) << (8 * i);
  }
  codes[word] = packed;
}

fn nearest(index: u32) -> u32 {
  let palette = (params.first + index) / params.inner % params.channels / params.sharing;
  let start = palette * (params.size - 1);
  let value = values[index];
  var code = 0u;
  for (var half = params.size / 2; half > 0; half /= 2) {
    if (value > middles[start + code + half - 1]) { code += half; }
  }
  return code;
}
