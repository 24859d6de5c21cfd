import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import {
  HISTOGRAM_LENGTH,
  magnitudeHistogram as histogramReference,
} from '../reference/magnitude-histogram.ts';
import { beginSearch, type MagnitudeThreshold, narrow } from '../reference/magnitude-search.ts';
import { pruneMask as maskReference } from '../reference/prune-mask.ts';
import { magnitudeHistogram } from './magnitude-histogram.ts';
import { pruneMask } from './prune-mask.ts';
import { scanCounts } from './scan-counts.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';
import { tieCounts } from './tie-counts.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

const bitsOf = (values: Float32Array) =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Padded to whole vectors with what must not be looked at. */
function padded(values: Float32Array) {
  const longer = new Float32Array(Math.ceil(values.length / 4) * 4).fill(Number.NaN);
  longer.set(values);
  return uploaded(gpu, longer);
}

/** Normal values, many equal ones of both signs, zeros, subnormals, huge ones. */
function awkward(length: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(length);
  return Float32Array.from({ length }, () => {
    const kind = random.below(8);
    if (kind === 0) return (random.below(5) - 2) * 2 ** -149;
    if (kind === 1) return random.normal() * 2 ** 60;
    if (kind < 5) return (random.below(7) - 3) / 4;
    return random.normal();
  });
}

async function histogramOnGpu(
  values: Float32Array,
  digit: Parameters<typeof histogramReference>[1],
) {
  using source = padded(values);
  using counts = guarded(gpu, 4 * HISTOGRAM_LENGTH + 252, 0);
  await gpu.run(magnitudeHistogram, { values: source, counts }, { count: values.length, ...digit });
  return new Uint32Array(await counts.read());
}

/** Masks of pieces that share one threshold; the tie counter stays on the device. */
async function masksOnGpu(pieces: readonly Float32Array[], threshold: MagnitudeThreshold) {
  using total = guarded(gpu, 4, 0);
  const results = [];
  for (const piece of pieces) {
    const count = piece.length;
    const words = Math.ceil(count / 32);
    using source = padded(piece);
    using ties = guarded(gpu, 4 * words);
    using mask = guarded(gpu, 4 * words);
    using partials = guarded(gpu, 16 * words);
    const params = { count, ...threshold };
    await gpu.run(tieCounts, { values: source, counts: ties }, params);
    await gpu.run(scanCounts, { counts: ties, total }, { count: words });
    await gpu.run(pruneMask, { values: source, tiesBefore: ties, mask, partials }, params);
    await ties.read();
    results.push({
      mask: new Uint8Array(await mask.read()).slice(0, Math.ceil(count / 8)),
      partials: new Float32Array(await partials.read()),
    });
  }
  const [tiesSeen = 0] = new Uint32Array(await total.read());
  return { results, tiesSeen };
}

test.each([1, 3, 17, 129, 1000, 8193, 70_000])(
  '%i values: the counts of every digit',
  async (n) => {
    const values = awkward(n);
    if (n > 100) values.set([Number.NaN, Infinity, -Infinity], 50);
    let search = beginSearch(Math.ceil((n - 3) / 2) || 1);
    while (search.digit) {
      const wanted = new Uint32Array(HISTOGRAM_LENGTH);
      histogramReference(bitsOf(values), search.digit, wanted);
      const own = await histogramOnGpu(values, search.digit);
      expect(own.subarray(0, HISTOGRAM_LENGTH)).toEqual(wanted);
      expect(own.subarray(HISTOGRAM_LENGTH).every((word) => word === 0)).toBe(true);
      search = narrow(search, wanted);
    }
  },
);

test.each([1, 31, 32, 33, 129, 1000, 8197])('%i values in pieces: the mask', async (length) => {
  const values = awkward(length);
  const cut = Math.ceil(length / 3);
  const pieces = [values.slice(0, cut), values.slice(cut)].filter((piece) => piece.length > 0);
  const magnitudes = bitsOf(values).map((word) => word & 0x7fffffff);
  for (const threshold of new Set([...magnitudes.subarray(0, 4), 0, 0x3e800000])) {
    const equal = magnitudes.filter((word) => word === threshold).length;
    for (const ties of new Set([0, 1, equal >> 1, equal])) {
      const own = await masksOnGpu(pieces, { threshold, ties });
      let seen = 0;
      for (const [i, piece] of pieces.entries()) {
        const wanted = maskReference(piece, { threshold, ties }, seen);
        seen = wanted.tiesSeen;
        const { mask, partials } = own.results[i] as (typeof own.results)[number];
        expect(mask).toEqual(wanted.mask);
        const column = (k: number) => partials.filter((_, at) => at % 4 === k);
        const normal = wanted.errors.maxAbsError >= 2 ** -126; // smaller ones may be flushed
        if (normal) expect(Math.max(...column(2))).toBe(wanted.errors.maxAbsError);
        const sum = column(0).reduce((a, b) => a + b, 0);
        expect(sum / wanted.errors.sumSquares).toBeCloseTo(1, 5);
        const lost = column(1).reduce((a, b) => a + b, 0);
        const noise = length * 2 ** -126 + wanted.errors.sumSquaredError * 1e-5;
        expect(Math.abs(lost - wanted.errors.sumSquaredError)).toBeLessThanOrEqual(noise);
      }
      expect(own.tiesSeen).toBe(seen);
    }
  }
});

test.each([1, 2, 255, 256, 257, 4096, 4097, 70_001])(
  '%i counts become sums, twice',
  async (count) => {
    const random = seededRandom(count);
    const input = Uint32Array.from({ length: count }, () => random.below(33));
    using total = guarded(gpu, 4, 7);
    let before = 7;
    for (let round = 0; round < 2; round++) {
      using counts = guarded(gpu, 4 * count);
      gpu.device.queue.writeBuffer(counts.buffer, counts.offset, input);
      await gpu.run(scanCounts, { counts, total }, { count });
      const wanted = input.map((own) => {
        before += own;
        return before - own;
      });
      expect(new Uint32Array(await counts.read())).toEqual(wanted);
    }
    expect(new Uint32Array(await total.read())[0]).toBe(before);
  },
);
