// Half-quadratic zero points: every iteration of every group, so that one read back can tell after
// which of them the error of all groups together stopped falling.
//
//   weight  f32 [rows, rowLength]; each row has groups of its own, the last of which may be ragged
//   steps   f32 [groups]: between levels
//   zeros   f32 [iterations, groups]: the code of 0 after each iteration, not rounded
//   errors  f32 [iterations, groups]: sum |w - (q - zero) * step| before each iteration
//
// One group per invocation: e = shrink(w - (q - zero) * step), the next zero is the mean of
// q - (w - e) / step.

struct Params {
  groups: u32,
  rowLength: u32,
  groupSize: u32,
  bits: u32,
  roundZero: u32,
  iterations: u32,
}

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read_write> steps: array<f32>;
@group(0) @binding(2) var<storage, read_write> zeros: array<f32>;
@group(0) @binding(3) var<storage, read_write> errors: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const LEAST_RANGE = 1e-4;
const LARGEST_INVERSE = 2e4;
const BETA = 10.0;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.groups) { return; }
  let rowGroups = (params.rowLength + params.groupSize - 1) / params.groupSize;
  let first = index % rowGroups * params.groupSize;
  let start = index / rowGroups * params.rowLength + first;
  let length = min(params.groupSize, params.rowLength - first);

  var low = weight[start];
  var high = low;
  for (var i = 1u; i < length; i++) {
    low = min(low, weight[start + i]);
    high = max(high, weight[start + i]);
  }
  let top = f32((1u << params.bits) - 1);
  let range = high - low;
  var inverse = 1.0;
  if (range > LEAST_RANGE) { inverse = min(top / range, LARGEST_INVERSE); }
  let step = 1 / inverse;
  var zero = -low * inverse;
  if (params.roundZero == 1) { zero = round(zero); }
  steps[index] = step;

  for (var iteration = 0u; iteration < params.iterations; iteration++) {
    var error = 0.0;
    var sum = 0.0;
    for (var i = 0u; i < length; i++) {
      let w = weight[start + i];
      let q = clamp(round(w * inverse + zero), 0, top);
      let rest = w - (q - zero) * step;
      error += abs(rest);
      sum += q - (w - shrink(rest)) * inverse;
    }
    zero = sum / f32(length);
    errors[iteration * params.groups + index] = error;
    zeros[iteration * params.groups + index] = zero;
  }
}

// sign(x) * max(|x| - |x|^(-0.3) / BETA, 0)
fn shrink(x: f32) -> f32 {
  let size = abs(x);
  if (size == 0) { return 0; }
  return sign(x) * max(size - pow(size, -0.3) / BETA, 0);
}
