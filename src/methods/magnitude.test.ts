import { expect, test } from 'vitest';
import { prunedOfAll } from '../core/prune-spec.ts';
import { elementCount } from '../core/shape.ts';
import { float32Of, type GoldenArray, goldenCases } from '../reference/testing/golden.ts';
import { CpuPruning } from './cpu-pruning.ts';
import { pruneWeight, type Selection, selectSmallest } from './magnitude.ts';
import { memorySource } from './read-values.ts';
import { never } from './testing/low-rank.ts';
import { tied } from './testing/tied-values.ts';

const device = new CpuPruning(64); // many pieces

async function zerosOf(sources: ReturnType<typeof tied>[], sparsity: number): Promise<number[]> {
  const outcomes = await selectSmallest(device, sources, sparsity, { signal: never });
  const spec = { kind: 'unstructured', sparsity, scope: 'global' } as const;
  const indices: number[] = [];
  let start = 0;
  for (const [i, source] of sources.entries()) {
    const selection = outcomes[i]?.selection as Selection;
    const shape = { axisLength: 1, inner: 1 };
    const { mask } = await pruneWeight(device, source, spec, shape, selection, never);
    const count = elementCount(source.dims);
    for (let at = 0; at < count; at++) {
      if (((mask[at >> 3] as number) >> (at & 7)) & 1) indices.push(start + at);
    }
    start += count;
  }
  return indices;
}

test('over weights together the smallest go, ties by the order of weights, then by index', async () => {
  const sources = [tied('a', 300, 1), tied('b', 17, 2), tied('c', 1, 3), tied('d', 129, 4)];
  const values = await Promise.all(
    sources.map(async ({ read, dims }) => new Float32Array(await read(0, 4 * elementCount(dims)))),
  );
  const all = values.flatMap((own) => [...own].map(Math.abs));
  const order = all.map((_, i) => i).sort((a, b) => (all[a] as number) - (all[b] as number));
  for (const sparsity of [0, 0.1, 0.5, 0.9]) {
    const wanted = order.slice(0, prunedOfAll(all.length, sparsity)).sort((a, b) => a - b);
    expect(await zerosOf(sources, sparsity)).toEqual(wanted);
  }
});

test('a weight that is not finite fails by itself and does not count', async () => {
  const broken = memorySource('broken', Float32Array.of(0, Number.NaN, 0, 0), [4]);
  const [a, b] = [tied('a', 100, 1), tied('b', 100, 2)];
  const outcomes = await selectSmallest(device, [a, broken, b], 0.5, { signal: never });
  expect(outcomes[1]?.failure?.message).toContain('broken holds 1 values that are not finite');
  const without = await selectSmallest(device, [a, b], 0.5, { signal: never });
  expect([outcomes[0], outcomes[2]]).toEqual(without);
  const rule = { kind: 'n-of-m', n: 2, m: 4 } as const;
  const shape = { axisLength: 4, inner: 1 };
  await expect(pruneWeight(device, broken, rule, shape, null, never)).rejects.toThrow('1 values');
});

test.each(goldenCases('prune', 'magnitude_').filter(({ arrays }) => arrays['weight']))(
  '$name: exactly the entries of the golden',
  async ({ arrays, expect: { variants = [] } }) => {
    const values = float32Of(arrays['weight'] as GoldenArray);
    const source = memorySource('w', values, [values.length]);
    for (const { sparsity, mask } of variants) {
      const { bytes } = arrays[mask as string] as GoldenArray;
      const wanted = [...bytes].flatMap((goes, i) => (goes === 1 ? [i] : []));
      expect(await zerosOf([source], sparsity as number)).toEqual(wanted);
    }
  },
);

test('stops when told', async () => {
  const abort = new AbortController();
  const sources = [tied('a', 4000, 1), tied('b', 4000, 2)];
  const onPass = () => abort.abort();
  const selecting = selectSmallest(device, sources, 0.5, { signal: abort.signal, onPass });
  await expect(selecting).rejects.toMatchObject({ name: 'AbortError' });
});
