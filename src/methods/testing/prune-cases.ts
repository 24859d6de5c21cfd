/** What the tests of pruning on both devices share. */
import { expect } from 'vitest';
import { assert } from '../../core/assert.ts';
import { type Random, seededRandom } from '../../core/random.ts';
import { float32Of, type GoldenArray, goldenCases } from '../../reference/testing/golden.ts';
import type { MaskDevice } from '../mask-device.ts';
import { type PruneOutcome, pruneNOfM, pruneSmallest } from '../prune.ts';
import type { WeightSource } from '../weight-source.ts';

export const never = new AbortController().signal;

export function sourceOf(values: Float32Array<ArrayBuffer>, name = 'w'): WeightSource {
  const { buffer, byteOffset } = values;
  const read = async (start: number, end: number) =>
    buffer.slice(byteOffset + start, byteOffset + end);
  return { name, dtype: 'float32', dims: [values.length], read };
}

/** One byte an element. */
export function spread({ pruned }: PruneOutcome, length: number): Uint8Array {
  assert(pruned, 'a mask');
  const { mask, prunedCount } = pruned;
  const goes = Uint8Array.from({ length }, (_, i) => ((mask[i >> 3] as number) >> (i & 7)) & 1);
  expect(goes.reduce((sum, bit) => sum + bit, 0)).toBe(prunedCount);
  return goes;
}

/** Every golden of pruning. */
export async function expectGoldens(device: MaskDevice): Promise<void> {
  const array = (arrays: Readonly<Record<string, GoldenArray>>, name: string) =>
    arrays[name] as GoldenArray;
  for (const { name, arrays, expect: golden } of goldenCases('prune', 'magnitude_')) {
    const isGlobal = name.endsWith('global');
    const names = isGlobal ? [0, 1, 2, 3].map((i) => `weight${i}`) : ['weight'];
    const weights = names.map((key) => float32Of(array(arrays, key)));
    for (const { sparsity, mask } of golden.variants ?? []) {
      const sources = weights.map((weight) => sourceOf(weight));
      const options = { signal: never };
      const outcomes = await pruneSmallest(device, sources, sparsity as number, options);
      outcomes.forEach((outcome, i) => {
        const wanted = array(arrays, isGlobal ? `pruned${i}_${sparsity}` : (mask as string));
        expect([name, spread(outcome, wanted.bytes.length)]).toEqual([name, wanted.bytes]);
      });
    }
  }
  for (const { arrays, expect: golden } of goldenCases('prune', 'nm_')) {
    const { shape } = array(arrays, 'weight');
    const [rows = 0, axisLength = 0] = shape;
    const source = sourceOf(float32Of(array(arrays, 'weight')));
    for (const { keep, of: m, mask } of golden.variants ?? []) {
      const rule = { n: keep as number, m: m as number };
      const along = { axisLength, inner: 1 };
      const outcome = await pruneNOfM(device, source, along, rule, { signal: never });
      const wanted = array(arrays, mask as string).bytes;
      expect(spread(outcome, rows * axisLength)).toEqual(wanted);
    }
  }
}

/** Values of which many are equal. */
export function tied(length: number, seed: number): Float32Array<ArrayBuffer> {
  const random: Random = seededRandom(seed);
  return Float32Array.from({ length }, () =>
    random.below(3) === 0 ? random.normal() : (random.below(9) - 4) / 8,
  );
}
