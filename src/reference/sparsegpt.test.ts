import { expect, test } from 'vitest';
import type { PruneSpec } from '../core/prune-spec.ts';
import { sparseGpt } from './sparsegpt.ts';
import { float32Of, goldenCases } from './testing/golden.ts';
import { layerOf, paperFactor, relativeError, withoutDead } from './testing/layers.ts';

/** `unstructured`, or `2:4`. */
const specOf = (pattern: string, sparsity: number): PruneSpec => {
  const [n = 0, m = 0] = pattern.split(':').map(Number);
  return m > 0 ? { kind: 'n-of-m', n, m } : { kind: 'unstructured', sparsity, scope: 'tensor' };
};

test.each(goldenCases('prune', 'sparsegpt_'))('$name: masks, updates and errors', (golden) => {
  const layer = layerOf(golden);
  const { factor } = paperFactor(layer, false);
  const variants = golden.expect.variants ?? [];
  expect(variants.length).toBe(4);
  for (const { pattern, sparsity, relativeError: wanted, pruned, result } of variants) {
    const spec = specOf(pattern as string, sparsity as number);
    const { kept, goes } = sparseGpt(withoutDead(layer), layer.N, factor, spec);
    expect(goes.reduce((sum, it) => sum + it, 0)).toBe(pruned);
    expect(kept.every((value, i) => goes[i] === 0 || value === 0)).toBe(true);
    expect(relativeError(layer, kept) / (wanted as number)).toBeLessThan(1.0001);
    const values = typeof result === 'string' && golden.arrays[result];
    if (values) {
      float32Of(values).forEach((value, i) => {
        expect(Math.fround(kept[i]!)).toBeCloseTo(value, 6);
      });
    }
  }
});
