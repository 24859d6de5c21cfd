import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { binsPerUnit, histogram as histogramReference } from '../reference/histogram.ts';
import { histogram } from './histogram.ts';
import { sumPartials } from './sum-partials.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

/** Normal values with zeros of both signs, subnormals and, if wanted, non-finite ones. */
function values(count: number, nonFinite: boolean): Float32Array<ArrayBuffer> {
  const random = seededRandom(count);
  const special = [0, -0, 1e-42, -1e-42, ...(nonFinite ? [Number.NaN, Infinity, -Infinity] : [])];
  return Float32Array.from({ length: count }, () =>
    random.below(8) === 0 ? (special[random.below(special.length)] ?? 0) : random.normal(),
  );
}

test.each([
  [1, 1],
  [129, 3],
  [8193, 61],
  [70_000, 256],
])('%i values fall into %i bins as in the reference', async (count, bins) => {
  const input = values(count, true);
  for (const bound of [1.5, Math.fround(3.3)]) {
    using counts = guarded(gpu, 4 * bins, 0);
    using source = uploaded(gpu, input);
    const params = { count, bins, bound, binsPerUnit: binsPerUnit(bins, bound), zero: 0 };
    await gpu.run(histogram, { values: source, counts }, params);
    expect(new Uint32Array(await counts.read())).toEqual(histogramReference(input, bins, bound));
  }
});

test.each([
  [1, 1],
  [129, 17],
  [1000, 256],
])('%i partials fold into %i sums in order', async (count, groups) => {
  const partials = values(4 * count, false);
  using sums = guarded(gpu, 16 * groups);
  using source = uploaded(gpu, partials);
  await gpu.run(sumPartials, { partials: source, sums }, { count, groups });
  const wanted = new Float32Array(4 * groups);
  for (let i = 0; i < count; i++) {
    const g = 4 * (i % groups);
    const at = (k: number) => partials[4 * i + k] as number;
    wanted[g] = Math.fround((wanted[g] as number) + at(0));
    wanted[g + 1] = Math.fround((wanted[g + 1] as number) + at(1));
    wanted[g + 2] = Math.max(wanted[g + 2] as number, at(2));
  }
  // Adapters may keep subnormals or flush them.
  const normal = (all: Float32Array) => all.map((x) => (Math.abs(x) < 2 ** -126 ? 0 : x + 0));
  expect(normal(new Float32Array(await sums.read()))).toEqual(normal(wanted));
});
