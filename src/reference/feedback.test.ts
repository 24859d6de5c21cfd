import { expect, test } from 'vitest';
import type { PruneSpec } from '../core/prune-spec.ts';
import { seededRandom } from '../core/random.ts';
import type { BlockParameters } from './block-parameters.ts';
import { errorFeedback } from './error-feedback.ts';
import { type FeedbackTask, feedback, type Grid, layerLosses } from './feedback.ts';
import { quantizeElement } from './quantize-element.ts';
import { sparseGpt } from './sparsegpt.ts';
import { finished, type GoldenLayer, gramOf, paperFactor } from './testing/layers.ts';

/** Correlated inputs, some of them large. */
function madeUp(N: number, K: number, seed: number): GoldenLayer {
  const random = seededRandom(seed);
  const tokens = 2 * K + 3;
  const x = new Float32Array(tokens * K);
  for (let t = 0; t < tokens; t++) {
    const common = random.normal();
    for (let k = 0; k < K; k++) {
      x[t * K + k] = (0.7 * common + random.normal()) * (k % 7 === 3 ? 5 : 1);
    }
  }
  const weight = Float32Array.from({ length: N * K }, () => random.normal());
  return { N, K, weight, gram: gramOf(x, K) };
}

const SHAPES = [
  [1, 1],
  [3, 6],
  [5, 70],
  [9, 132],
  [6, 200],
] as const;

const RULES = [
  { rule: 'matmul-nbits', bits: 4, symmetric: true },
  { rule: 'matmul-nbits', bits: 2, symmetric: false },
  { rule: 'gather', bits: 4, symmetric: false },
  { rule: 'int8', bits: 8, symmetric: true },
] as const satisfies readonly Grid['rule'][];

function gridOf({ N, K }: GoldenLayer, rule: Grid['rule'], blockSize: number): Grid {
  const blockCount = Math.ceil(K / blockSize);
  const middle = 2 ** (rule.bits - 1);
  const count = N * blockCount;
  return {
    ...{ rule, blockCount },
    blockOf: Uint32Array.from({ length: K }, (_, k) => Math.floor(k / blockSize)),
    scales: Float32Array.from({ length: count }, (_, i) => (3 + (i % 3)) / 2 ** rule.bits),
    zeroPoints: Uint8Array.from({ length: count }, (_, i) =>
      rule.symmetric ? middle : middle - (i % 2),
    ),
  };
}

const blockAt = (grid: Grid, n: number, k: number): BlockParameters => {
  const at = n * grid.blockCount + (grid.blockOf[k] ?? 0);
  return { scale: grid.scales[at]!, zeroPoint: grid.zeroPoints[at]! };
};

const expectNear = (own: number, wanted: number, share: number) =>
  expect(Math.abs(own - wanted)).toBeLessThanOrEqual(share * wanted);

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

test.each(SHAPES)('levels of %i rows of %i columns, as the definition settles them', (N, K) => {
  for (const rule of RULES) {
    const layer = madeUp(N, K, K);
    const { factor } = paperFactor(layer, true);
    const grid = gridOf(layer, rule, 16);
    const goes = Uint8Array.from({ length: N * K }, (_, i) => Number(i % 5 === 2));
    const task: FeedbackTask = { N, weight: layer.weight, factor, prune: null, goes, grid };
    const own = finished(feedback(task));
    const { kept, loss } = errorFeedback(layer.weight, N, factor, (k, corrected) =>
      corrected.map((value, n) => {
        if (goes[n * K + k]) return 0;
        const block = blockAt(grid, n, k);
        const code = quantizeElement(rule, block, Math.fround(value));
        return Math.fround((code - block.zeroPoint) * block.scale);
      }),
    );
    // Float32 errors may turn a code at a tie, and what follows it.
    const same = own.errors.filter(
      (error, i) => error === Math.fround(layer.weight[i]! - kept[i]!),
    );
    expect(same.length).toBeGreaterThanOrEqual(0.99 * N * K);
    expectNear(total(own.losses), loss, 0.01);
    own.codes.forEach((code, i) => {
      const { scale, zeroPoint } = blockAt(grid, Math.floor(i / K), i % K);
      const value = Math.fround((code - zeroPoint) * scale);
      expect(own.errors[i]).toBe(Math.fround(layer.weight[i]! - value));
      if (goes[i]) expect(code).toBe(zeroPoint);
    });
  }
});

const PRUNINGS: readonly PruneSpec[] = [
  { kind: 'unstructured', sparsity: 0.5, scope: 'tensor' },
  { kind: 'unstructured', sparsity: 0.7, scope: 'tensor' },
  { kind: 'n-of-m', n: 2, m: 4 },
  { kind: 'n-of-m', n: 4, m: 8 },
];

test.each(SHAPES)('pruning of %i rows of %i columns, as the definition prunes', (N, K) => {
  for (const prune of PRUNINGS) {
    const layer = madeUp(N, K, K + 1);
    const { factor } = paperFactor(layer, false);
    const task = { N, weight: layer.weight, factor, prune, goes: null, grid: null };
    const own = finished(feedback(task));
    const { goes, kept, loss } = sparseGpt(layer.weight, N, factor, prune);
    expect(own.goes).toEqual(goes);
    expectNear(total(own.losses), loss, 1e-4);
    kept.forEach((value, i) => {
      expect(layer.weight[i]! - own.errors[i]!).toBeCloseTo(value, 4);
    });
  }
});

test('losses are those of the errors', () => {
  for (const [N, K] of SHAPES) {
    const layer = madeUp(N, K, 5);
    const { factor } = paperFactor(layer, false);
    const task = { N, weight: layer.weight, factor, prune: PRUNINGS[0]!, goes: null, grid: null };
    const { errors, losses } = finished(feedback(task));
    const again = finished(layerLosses(errors, N, factor));
    again.forEach((loss, n) => {
      expectNear(loss, losses[n]!, 1e-9);
    });
    // D and Ů are those of H and its damping.
    const mean = layer.gram.filter((_, i) => i % (K + 1) === 0).reduce((a, b) => a + b, 0) / K;
    let sum = 0;
    for (let n = 0; n < N; n++) {
      for (let i = 0; i < K; i++) {
        for (let j = 0; j < K; j++) {
          const h = layer.gram[i * K + j]! + (i === j ? 0.01 * mean : 0);
          sum += errors[n * K + i]! * h * errors[n * K + j]!;
        }
      }
    }
    expectNear(total(losses), sum, 1e-5);
  }
});
