// C = A B or C = C + A B in f32, 4 x 4 results per invocation, tiles in shared memory.
//
//   a  f32 [M, K], or [K, M] if A_ALONG_ROWS; rows `aStride` apart
//   b  f32 [K, N], or [N, K] if not B_ALONG_ROWS; rows `bStride` apart
//   c  f32 [M, N]; rows `cStride` apart, columns from N to the next multiple of 4 become 0
//
// "Along rows" says that what a step of the sum needs lies side by side. Strides are multiples of 4;
// what lies between a row's end and the next row does not matter. Every result adds its products in
// the order of K to one f32, exactly as matmul-register does.

override A_ALONG_ROWS: bool;
override B_ALONG_ROWS: bool;
override SIDE: u32;

struct Params {
  M: u32,
  N: u32,
  K: u32,
  aStride: u32,
  bStride: u32,
  cStride: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;

// A workgroup makes 4 SIDE x 4 SIDE results from 2 SIDE steps at a time: one half of it loads a
// 4 x 4 piece of A each, the other of B.
override DEPTH = 2 * SIDE;
override PIECES = SIDE * SIDE / 2;

// [step][group of four rows or columns]
var<workgroup> tileA: array<vec4f, DEPTH * SIDE>;
var<workgroup> tileB: array<vec4f, DEPTH * SIDE>;

@compute @workgroup_size(SIDE, SIDE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = 4 * (group.y * SIDE + local.y);
  let column = 4 * (group.x * SIDE + local.x);
  var sums: array<vec4f, 4>;
  if (params.accumulate != 0) {
    for (var i = 0u; i < 4; i++) { sums[i] = c[((row + i) * params.cStride + column) / 4]; }
  }
  for (var k = 0u; k < params.K; k += DEPTH) {
    fill(4 * SIDE * group.y, 4 * SIDE * group.x, k, lane);
    workgroupBarrier();
    for (var step = 0u; step < DEPTH; step++) {
      let rows = tileA[step * SIDE + local.y];
      let columns = tileB[step * SIDE + local.x];
      sums[0] += rows.x * columns;
      sums[1] += rows.y * columns;
      sums[2] += rows.z * columns;
      sums[3] += rows.w * columns;
    }
    workgroupBarrier();
  }
  if (row >= params.M || column >= params.N) { return; }
  let isInside = vec4u(column) + vec4u(0, 1, 2, 3) < vec4u(params.N);
  for (var i = 0u; i < min(4, params.M - row); i++) {
    c[((row + i) * params.cStride + column) / 4] = select(vec4f(0), sums[i], isInside);
  }
}

// Neighbouring invocations load neighbouring words of memory.
fn fill(firstRow: u32, firstColumn: u32, firstK: u32, lane: u32) {
  let isA = lane < PIECES;
  let piece = lane % PIECES;
  let alongRows = select(B_ALONG_ROWS, A_ALONG_ROWS, isA);
  let across = select(piece / (DEPTH / 4), piece % SIDE, alongRows);
  let down = select(piece % (DEPTH / 4), piece / SIDE, alongRows);
  let k = firstK + 4 * down;
  let at = 4 * down * SIDE + across;
  if (isA) {
    let m = loadA(firstRow + 4 * across, k);
    for (var j = 0u; j < 4; j++) { tileA[at + j * SIDE] = beforeEnd(m[j], k + j); }
  } else {
    let m = loadB(firstColumn + 4 * across, k);
    for (var j = 0u; j < 4; j++) { tileB[at + j * SIDE] = beforeEnd(m[j], k + j); }
  }
}

// 0 beyond K, where 0 * 0 leaves every sum as it is.
fn beforeEnd(value: vec4f, k: u32) -> vec4f { return select(vec4f(0), value, k < params.K); }

// Column j holds four rows of A at k + j.
fn loadA(row: u32, k: u32) -> mat4x4f {
  let step = params.aStride / 4;
  if (A_ALONG_ROWS) {
    let at = k * step + row / 4;
    return mat4x4f(a[at], a[at + step], a[at + 2 * step], a[at + 3 * step]);
  }
  let at = row * step + k / 4;
  return transpose(mat4x4f(a[at], a[at + step], a[at + 2 * step], a[at + 3 * step]));
}

// Column j holds four columns of B at k + j.
fn loadB(column: u32, k: u32) -> mat4x4f {
  let step = params.bStride / 4;
  if (B_ALONG_ROWS) {
    let at = k * step + column / 4;
    return mat4x4f(b[at], b[at + step], b[at + 2 * step], b[at + 3 * step]);
  }
  let at = column * step + k / 4;
  return transpose(mat4x4f(b[at], b[at + step], b[at + 2 * step], b[at + 3 * step]));
}
