// C = A B or C = C + A B in f32, 8 x 8 results per invocation, without shared memory.
//
//   a  f32 [M, K], or [K, M] if A_ALONG_ROWS; rows `aStride` apart
//   b  f32 [K, N], or [N, K] if not B_ALONG_ROWS; rows `bStride` apart
//   c  f32 [M, N]; rows `cStride` apart, columns from N to the next multiple of 4 become 0
//
// "Along rows" says that what a step of the sum needs lies side by side. Strides are multiples of 4;
// what lies between a row's end and the next row does not matter. Every result adds its products in
// the order of K to one f32, exactly as matmul-shared does.

override A_ALONG_ROWS: bool;
override B_ALONG_ROWS: bool;

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

const SIDE = 8;

// Eight rows of eight columns: sums[2 * row] and sums[2 * row + 1].
alias Sums = array<vec4f, 16>;

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = 8 * id.y;
  let column = 8 * id.x;
  if (row >= params.M || column >= params.N) { return; }
  var sums: Sums;
  if (params.accumulate != 0) {
    for (var i = 0u; i < 8; i++) {
      let at = ((row + i) * params.cStride + column) / 4;
      sums[2 * i] = c[at];
      sums[2 * i + 1] = c[at + 1];
    }
  }
  for (var k = 0u; k < params.K; k += 4) {
    let above = loadA(row, k);
    let below = loadA(row + 4, k);
    let left = loadB(column, k);
    let right = loadB(column + 4, k);
    addProducts(&sums, above[0], below[0], left[0], right[0]);
    addProducts(&sums, above[1], below[1], left[1], right[1]);
    addProducts(&sums, above[2], below[2], left[2], right[2]);
    addProducts(&sums, above[3], below[3], left[3], right[3]);
  }
  for (var i = 0u; i < min(8, params.M - row); i++) {
    store(row + i, column, sums[2 * i]);
    store(row + i, column + 4, sums[2 * i + 1]);
  }
}

fn addProducts(sums: ptr<function, Sums>, above: vec4f, below: vec4f, left: vec4f, right: vec4f) {
  (*sums)[0] += above.x * left;
  (*sums)[1] += above.x * right;
  (*sums)[2] += above.y * left;
  (*sums)[3] += above.y * right;
  (*sums)[4] += above.z * left;
  (*sums)[5] += above.z * right;
  (*sums)[6] += above.w * left;
  (*sums)[7] += above.w * right;
  (*sums)[8] += below.x * left;
  (*sums)[9] += below.x * right;
  (*sums)[10] += below.y * left;
  (*sums)[11] += below.y * right;
  (*sums)[12] += below.z * left;
  (*sums)[13] += below.z * right;
  (*sums)[14] += below.w * left;
  (*sums)[15] += below.w * right;
}

fn store(row: u32, column: u32, sum: vec4f) {
  if (column >= params.N) { return; }
  let isInside = vec4u(column) + vec4u(0, 1, 2, 3) < vec4u(params.N);
  c[(row * params.cStride + column) / 4] = select(vec4f(0), sum, isInside);
}

// Column j holds four rows of A at k + j; 0 beyond K, where 0 * 0 leaves every sum as it is.
fn loadA(row: u32, k: u32) -> mat4x4f {
  let step = params.aStride / 4;
  if (A_ALONG_ROWS) {
    let at = k * step + row / 4;
    return beforeEnd(mat4x4f(a[at], a[at + step], a[at + 2 * step], a[at + 3 * step]), k);
  }
  let at = row * step + k / 4;
  return beforeEnd(transpose(mat4x4f(a[at], a[at + step], a[at + 2 * step], a[at + 3 * step])), k);
}

// Column j holds four columns of B at k + j.
fn loadB(column: u32, k: u32) -> mat4x4f {
  let step = params.bStride / 4;
  if (B_ALONG_ROWS) {
    let at = k * step + column / 4;
    return beforeEnd(mat4x4f(b[at], b[at + step], b[at + 2 * step], b[at + 3 * step]), k);
  }
  let at = column * step + k / 4;
  return beforeEnd(transpose(mat4x4f(b[at], b[at + step], b[at + 2 * step], b[at + 3 * step])), k);
}

fn beforeEnd(m: mat4x4f, k: u32) -> mat4x4f {
  if (k + 4 <= params.K) { return m; }
  let zero = vec4f(0);
  return mat4x4f(
    m[0],
    select(zero, m[1], k + 1 < params.K),
    select(zero, m[2], k + 2 < params.K),
    zero,
  );
}
