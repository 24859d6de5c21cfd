// SparseGPT's walk through some columns of a layer: an invocation takes one output channel.
//
//   corrected  f32 [SIDE, stride]: weights with what earlier blocks' columns lost made up for
//   weight     f32 [K, stride]
//   panel      f32 [first + SIDE + 2, SIDE]: columns of the factor, then D of each column, then SIDE
//              numbers that are not read
//   marks      u32 [K, stride]: 1 where a value becomes 0; read where groupSize is 0, else written
//              for these columns
//   errors     f32 [K, stride]: weight less what it became, written for these columns
//   losses     f32 [stride]: grows by what these columns add to tr(E (H + lambda I) E^T)
//
// Column k is settled at corrected[k] + sum over earlier columns j of errors[j] panel[j, k]; what is
// not pruned stays so. Of every groupSize columns, which divides SIDE, `keep` stay: the others are those
// of least D v^2, of equals the earlier, v being what a value becomes if the group loses nothing. A
// tail of t loses floor(t * (groupSize - keep) / groupSize).
// Channels beyond the matrix, up to `stride`, are computed too.

struct Params { first: u32, width: u32, stride: u32, keep: u32, groupSize: u32 }

@group(0) @binding(0) var<storage, read> corrected: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> panel: array<f32>;
@group(0) @binding(3) var<storage, read_write> marks: array<u32>;
@group(0) @binding(4) var<storage, read_write> errors: array<f32>;
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const SIDE = 32u;

var<private> lost: array<f32, SIDE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let channel = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (channel >= params.stride) { return; }
  let facts = (params.first + SIDE) * SIDE;
  var loss = losses[channel];
  var leaving = 0u;
  for (var i = 0u; i < params.width; i++) {
    let at = (params.first + i) * params.stride + channel;
    var isPruned = false;
    if (params.groupSize > 0) {
      let place = i % params.groupSize;
      if (place == 0) { leaving = leavingFrom(channel, i); }
      isPruned = ((leaving >> place) & 1) == 1;
      marks[at] = u32(isPruned);
    } else {
      isPruned = marks[at] == 1;
    }
    let value = valueAt(channel, i, i);
    let kept = select(value, 0, isPruned);
    lost[i] = weight[at] - kept;
    errors[at] = lost[i];
    loss += panel[facts + i] * (value - kept) * (value - kept);
  }
  losses[channel] = loss;
}

// What column i of these is settled at, once the first `settled` of them are.
fn valueAt(channel: u32, i: u32, settled: u32) -> f32 {
  var value = corrected[i * params.stride + channel];
  let column = params.first * SIDE + i;
  for (var j = 0u; j < settled; j++) { value += lost[j] * panel[column + j * SIDE]; }
  return value;
}

// Bit c is set where column start + c goes.
fn leavingFrom(channel: u32, start: u32) -> u32 {
  let length = min(params.groupSize, params.width - start);
  let count = length * (params.groupSize - params.keep) / params.groupSize;
  let facts = (params.first + SIDE) * SIDE + start;
  var moves: array<f32, SIDE>;
  var scores: array<f32, SIDE>;
  for (var c = 0u; c < length; c++) {
    var value = valueAt(channel, start + c, start);
    let column = (params.first + start) * SIDE + start + c;
    for (var j = 0u; j < c; j++) { value -= moves[j] * panel[column + j * SIDE]; }
    moves[c] = value - weight[(params.first + start + c) * params.stride + channel];
    scores[c] = panel[facts + c] * value * value;
  }
  var leaving = 0u;
  for (var c = 0u; c < length; c++) {
    var earlier = 0u;
    for (var j = 0u; j < length; j++) {
      let isBefore = scores[j] < scores[c] || (scores[j] == scores[c] && j < c);
      earlier += select(0u, 1u, isBefore);
    }
    leaving |= select(0u, 1u << c, earlier < count);
  }
  return leaving;
}
