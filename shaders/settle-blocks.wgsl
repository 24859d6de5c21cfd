// Codes of groups whose scale and zero point a solver has found, beside plain rounding of the same
// groups: each keeps what has the smaller squared error, plain rounding where both have the same.
//
//   weight  f32 bits [rows, rowLength], see row-groups
//   found   f32 x 2 [groups]: the solver's scale, before it is stored, and whole zero point
//   blocks  u32 x 4 [groups]: plain rounding's parameters, from block-parameters
//   codes   u8 [rows, rowLength], packed; clear first
//   kept    u32 x 2 [groups]: bits of the stored scale, zero point
//   errors  f32 x 4 [groups]: sum w^2, sum e^2, max |e|, 1 if the solver's were kept, else 0;
//           e = w - (q - zeroPoint) * scale. Of numbers below 1e-19 squares vanish, of those above 1e19
//           they overflow, as in quantize-codes: then plain rounding stays
//
// quantize-element says which code plain rounding gives. The solver's levels give the nearest one,
// q = rint(w / scale + zeroPoint) in f32: near the middle of two levels the last bits of WGSL's
// division decide, and either level is as good. One group per invocation.

override HALF_SCALES: bool;

struct Params { groups: u32, rowLength: u32, groupSize: u32, zero: u32 }

@group(0) @binding(0) var<storage, read> weight: array<vec4u>;
@group(0) @binding(1) var<storage, read> found: array<vec2f>;
@group(0) @binding(2) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> codes: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> kept: array<vec2u>;
@group(0) @binding(5) var<storage, read_write> errors: array<vec4f>;
@group(0) @binding(6) var<uniform> params: Params;

const WORKGROUP_SIZE = 64;
const INFINITY = 0x7f800000u;
// Divisors for which WGSL's quotients are near: 2^-126 to 2^126.
const LEAST_SCALE = 0x00800000u;
const LARGEST_SCALE = 0x7e800000u;

struct Levels { scale: f32, zeroPoint: f32 }

struct Comparison {
  squares: vec4f,
  solved: vec4f,
  plain: vec4f,
  largestSolved: vec4f,
  largestPlain: vec4f,
  isUnsure: bool,
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = id.y * grid.x * WORKGROUP_SIZE + id.x;
  if (index >= params.groups) { return; }
  let group = groupOf(index);
  let plain = splat(blocks[index]);
  let scale = stored(bitcast<u32>(found[index].x));
  let solved = Levels(bitcast<f32>(scale), found[index].y);

  // As in quantize-codes, the careful way is a pass of its own.
  var both = compare(group, solved, plain, false);
  let careful = DIVIDES && both.isUnsure;
  if (careful) { both = compare(group, solved, plain, true); }

  // An infinite scale has no error to compare. Where the solver's is too small to divide by, plain
  // rounding stays: levels that are all but 0 are no nearer.
  let size = scale & MAGNITUDE;
  let comparable = size >= LEAST_SCALE && size <= LARGEST_SCALE
    && (blocks[index].x & MAGNITUDE) < INFINITY;
  let isSolved = comparable && sumOf(both.solved) < sumOf(both.plain);
  if (isSolved) {
    writeSolved(group, solved);
    kept[index] = vec2u(scale, u32(solved.zeroPoint));
    errors[index] = vec4f(
      sumOf(both.squares), sumOf(both.solved), largestOf(both.largestSolved), 1,
    );
    return;
  }
  if (careful) { writePlain(group, plain, true); } else { writePlain(group, plain, false); }
  kept[index] = vec2u(blocks[index].x, u32(plain.before.x + plain.after.x));
  errors[index] = vec4f(sumOf(both.squares), sumOf(both.plain), largestOf(both.largestPlain), 0);
}

fn stored(scale: u32) -> u32 {
  if (HALF_SCALES) { return fromHalf(toHalf(scale)); }
  return scale;
}

// Values outside the group are 0 here, which has a level of its own and so no error.
fn compare(group: vec2u, solved: Levels, plain: Block, careful: bool) -> Comparison {
  var both: Comparison;
  for (var at = group.x / 4; 4 * at < group.y; at++) {
    let bits = valuesOf(group, at);
    let w = bitcast<vec4f>(bits);
    let own = quantize(bits, plain, careful);
    let error = w - fence((nearest(w, solved) - solved.zeroPoint) * solved.scale);
    both.squares += w * w;
    both.solved += error * error;
    both.plain += own.error * own.error;
    both.largestSolved = max(both.largestSolved, abs(error));
    both.largestPlain = max(both.largestPlain, abs(own.error));
    both.isUnsure |= own.isUnsure;
  }
  return both;
}

fn nearest(w: vec4f, levels: Levels) -> vec4f {
  let top = vec4f(f32((1u << BITS) - 1));
  return clamp(round(fence(w / levels.scale) + levels.zeroPoint), vec4f(0), top);
}

fn writeSolved(group: vec2u, levels: Levels) {
  for (var at = group.x / 4; 4 * at < group.y; at++) {
    write(group, at, nearest(bitcast<vec4f>(valuesOf(group, at)), levels));
  }
}

fn writePlain(group: vec2u, plain: Block, careful: bool) {
  for (var at = group.x / 4; 4 * at < group.y; at++) {
    write(group, at, quantize(valuesOf(group, at), plain, careful).code);
  }
}

// Neighbouring groups may share the word.
fn write(group: vec2u, at: u32, codesAsFloats: vec4f) {
  let q = select(vec4u(0), vec4u(codesAsFloats), isOf(group, at));
  atomicOr(&codes[at], q.x | (q.y << 8) | (q.z << 16) | (q.w << 24));
}

fn sumOf(parts: vec4f) -> f32 { return (parts.x + parts.y) + (parts.z + parts.w); }

fn largestOf(parts: vec4f) -> f32 { return max(max(parts.x, parts.y), max(parts.z, parts.w)); }
