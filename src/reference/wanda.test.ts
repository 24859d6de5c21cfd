import { expect, test } from 'vitest';
import type { PruneSpec } from '../core/prune-spec.ts';
import { goldenCases } from './testing/golden.ts';
import { layerOf, relativeError } from './testing/layers.ts';
import { wanda } from './wanda.ts';

test.each(goldenCases('prune', 'wanda_'))('$name: exactly the entries of the golden', (golden) => {
  const layer = layerOf(golden);
  const { weight, gram, N, K } = layer;
  const sumSquares = Float64Array.from({ length: K }, (_, k) => gram[k * (K + 1)]!);
  const variants = golden.expect.variants ?? [];
  expect(variants.length).toBe(4);
  for (const { sparsity, keep, of, mask, relativeError: wanted } of variants) {
    const spec = (
      keep
        ? { kind: 'n-of-m', n: keep, m: of }
        : { kind: 'unstructured', sparsity, scope: 'tensor' }
    ) as PruneSpec;
    const goes = wanda(weight, N, sumSquares, spec);
    expect(goes).toEqual(golden.arrays[mask as string]?.bytes);
    const kept = weight.map((w, i) => (goes[i] ? 0 : w));
    expect(relativeError(layer, kept) / (wanted as number)).toBeCloseTo(1, 4);
  }
});
