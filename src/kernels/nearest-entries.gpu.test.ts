import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { openDevice } from '../gpu/open-device.ts';
import { middlesOf, nearestEntries as reference } from '../reference/nearest-entries.ts';
import { nearestEntries } from './nearest-entries.ts';
import { guarded, uploaded } from './testing/guarded-buffers.ts';

const gpu = await openDevice();
afterAll(() => gpu[Symbol.dispose]());

test.each([
  { outer: 1, channels: 1, inner: 1, sharing: 1, bits: 1 },
  { outer: 3, channels: 10, inner: 7, sharing: 4, bits: 3 },
  { outer: 257, channels: 33, inner: 1, sharing: 16, bits: 4 },
  { outer: 1, channels: 5, inner: 129, sharing: 5, bits: 6 },
])('[$outer, $channels, $inner], $sharing share $bits bits: the codes', async (shape) => {
  const { outer, channels, inner, sharing, bits } = shape;
  const random = seededRandom(inner);
  const size = 2 ** bits;
  const palettes = Array.from({ length: Math.ceil(channels / sharing) }, () =>
    Float32Array.from({ length: size }, () => random.normal()).sort(),
  );
  const count = outer * channels * inner;
  const values = Float32Array.from({ length: count }, () => random.normal());
  const paletteOf = (i: number) =>
    palettes[Math.floor((Math.floor(i / inner) % channels) / sharing)] ?? new Float32Array(size);
  // Ties: exactly between two entries.
  for (let i = 0; i < count; i += 5) values[i] = middlesOf(paletteOf(i))[i % (size - 1)] ?? 0;

  // A tile of it, which may start anywhere.
  const first = Math.floor(count / 3);
  const rest = count - first;
  using source = uploaded(gpu, values.slice(first));
  using middles = uploaded(
    gpu,
    Float32Array.from(palettes.flatMap((entries) => [...middlesOf(entries)])),
  );
  using codes = guarded(gpu, 4 * Math.ceil(rest / 4));
  const params = { count: rest, first, size, channels, inner, sharing };
  await gpu.run(nearestEntries, { values: source, middles, codes }, params);
  const own = new Uint8Array(await codes.read()).slice(0, rest);
  const wanted = Uint8Array.from(values, (value, i) => {
    return reference(Float32Array.of(value), paletteOf(i))[0] ?? 0;
  });
  expect(own).toEqual(wanted.slice(first));
});
