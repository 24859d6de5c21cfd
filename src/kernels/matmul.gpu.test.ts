import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import type { MatmulShape, Transposition } from '../core/transposition.ts';
import { openDevice } from '../gpu/open-device.ts';
import { matmulBound, matmul as reference } from '../reference/matmul.ts';
import { MATMUL_VARIANTS, type MatmulVariant, matmul, matmulKernels } from './matmul.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
await Promise.all(matmulKernels.map((kernel) => gpu.prepare(kernel)));
afterAll(() => gpu[Symbol.dispose]());

const up4 = (n: number) => Math.ceil(n / 4) * 4;

function randomMatrix(rows: number, columns: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Float32Array.from({ length: rows * columns }, () => random.normal());
}

/** Rows `stride` apart, what fills them up being no numbers. */
function strided(values: Float32Array, columns: number, stride: number) {
  const rows = values.length / columns;
  const spread = new Float32Array(rows * stride).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    spread.set(values.subarray(row * columns, (row + 1) * columns), row * stride);
  }
  return spread;
}

interface Problem extends MatmulShape {
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
  readonly transposition: Transposition;
  /** To add to. */
  readonly c?: Float32Array<ArrayBuffer>;
}

async function matmulOnGpu(variant: MatmulVariant, problem: Problem, extra = 0) {
  const { M, N, K, a, b, c, transposition } = problem;
  const aColumns = transposition === 'TN' ? M : K;
  const bColumns = transposition === 'NT' ? K : N;
  const [aStride, bStride, cStride] = [up4(aColumns), up4(bColumns), up4(N)].map(
    (stride) => stride + 4 * extra,
  ) as [number, number, number];
  using left = uploaded(gpu, strided(a, aColumns, aStride));
  using right = uploaded(gpu, strided(b, bColumns, bStride));
  using result = guarded(gpu, 4 * M * cStride);
  if (c) gpu.device.queue.writeBuffer(result.buffer, result.offset, strided(c, N, cStride));
  const params = { M, N, K, aStride, bStride, cStride, accumulate: Number(c !== undefined) };
  await gpu.run(matmul(variant, transposition), { a: left, b: right, c: result }, params);
  const words = new Uint32Array(await result.read());
  const floats = new Float32Array(words.buffer);
  const own = new Float32Array(M * N);
  for (let row = 0; row < M; row++) {
    own.set(floats.subarray(row * cStride, row * cStride + N), row * N);
    const filled = words.subarray(row * cStride + N, row * cStride + up4(N));
    expect(filled.every((word) => word === 0)).toBe(true);
    if (c) continue;
    const between = words.subarray(row * cStride + up4(N), (row + 1) * cStride);
    expect(between.every((word) => word === 0xbadc0ded)).toBe(true);
  }
  return own;
}

const bits = (values: Float32Array) => new Uint32Array(values.buffer);

const SHAPES = [
  [1, 1, 1],
  [3, 17, 2],
  [17, 3, 129],
  [64, 64, 32],
  [65, 70, 33],
  [129, 5, 67],
  [8, 200, 1],
] as const;

test.each(
  (['NN', 'NT', 'TN'] as const).flatMap((transposition) =>
    SHAPES.map(([M, N, K]) => [transposition, M, N, K] as const),
  ),
)('%s %i × %i over %i: all variants alike, within the bound', async (transposition, M, N, K) => {
  const a = randomMatrix(M, K, 1);
  const b = randomMatrix(K, N, 2);
  const problem = { M, N, K, a, b, transposition };
  const { exact, bound } = matmulBound(a, b, problem, transposition);
  const close = (values: Float32Array) =>
    values.every((value, i) => Math.abs(value - (exact[i] as number)) <= (bound[i] as number));
  const first = await matmulOnGpu('register', problem);
  expect(close(first)).toBe(true);
  expect(close(reference(a, b, problem, transposition))).toBe(true);
  for (const variant of ['shared-32', 'shared-64'] as const) {
    expect(bits(await matmulOnGpu(variant, problem, 2))).toEqual(bits(first));
  }
});

test.each(MATMUL_VARIANTS)('%s continues a sum as if K had not been cut', async (variant) => {
  const [M, N, K] = [19, 21, 40];
  for (const transposition of ['NN', 'TN'] as const) {
    const a = randomMatrix(M, K, 3);
    const b = randomMatrix(K, N, 4);
    const whole = await matmulOnGpu(variant, { M, N, K, a, b, transposition });
    const cut = 13;
    const part = (from: number, to: number) =>
      transposition === 'TN'
        ? a.slice(from * M, to * M)
        : Float32Array.from({ length: M * (to - from) }, (_, i) => {
            const k = from + (i % (to - from));
            return a[Math.floor(i / (to - from)) * K + k] as number;
          });
    const half = (from: number, to: number) => ({
      ...{ M, N, K: to - from, transposition },
      ...{ a: part(from, to), b: b.slice(from * N, to * N) },
    });
    const c = await matmulOnGpu(variant, half(0, cut));
    const own = await matmulOnGpu(variant, { ...half(cut, K), c });
    expect(bits(own)).toEqual(bits(whole));
  }
});
