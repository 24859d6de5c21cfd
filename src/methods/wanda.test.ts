import { expect, test } from 'vitest';
import type { PruneSpec } from '../core/prune-spec.ts';
import { seededRandom } from '../core/random.ts';
import { wanda } from '../reference/wanda.ts';
import { wandaMask } from './wanda.ts';

const SPECS: readonly PruneSpec[] = [
  { kind: 'unstructured', sparsity: 0.5, scope: 'tensor' },
  { kind: 'unstructured', sparsity: 0.93, scope: 'tensor' },
  { kind: 'n-of-m', n: 2, m: 4 },
  { kind: 'n-of-m', n: 4, m: 8 },
];

test.each([
  [1, 1],
  [3, 7],
  [5, 22],
  [16, 129],
])('%i rows of %i: what the definition prunes, ties too', (N, K) => {
  const random = seededRandom(K);
  for (const draw of [() => random.normal(), () => (random.below(5) - 2) / 4]) {
    const values = Float32Array.from({ length: N * K }, draw);
    const sumSquares = Float64Array.from({ length: K }, (_, k) => (k % 5 === 0 ? 0 : 1 + (k % 3)));
    for (const spec of SPECS) {
      const own = wandaMask({ values, sumSquares, spec, runLength: K });
      expect(own).toEqual(wanda(values, N, sumSquares, spec));
    }
  }
});
