import { expect, test } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { joinMask, prunedSource } from './pruned-source.ts';
import { SOURCE_BYTES, type SourceDType } from './weight-source.ts';

const dtypes = Object.keys(SOURCE_BYTES) as SourceDType[];

test.each(dtypes)('%s: masked elements read as zero, the others as they are', async (dtype) => {
  const width = SOURCE_BYTES[dtype];
  const stored = Uint8Array.from({ length: 21 * width }, (_, i) => 1 + (i % 250));
  const mask = Uint8Array.of(0b10000101, 0b01000000, 0b00010001);
  const source = {
    ...{ name: 'w', dtype, dims: [21] },
    read: async (start: number, end: number) => stored.buffer.slice(start, end),
  };
  const pruned = prunedSource(source, mask);
  const whole = stored.slice();
  for (const index of [0, 2, 7, 14, 16, 20]) whole.fill(0, index * width, (index + 1) * width);
  for (const [first, end] of [
    [0, 21],
    [3, 15],
    [14, 15],
    [20, 21],
  ] as const) {
    const read = new Uint8Array(await pruned.read(first * width, end * width));
    expect(read).toEqual(whole.subarray(first * width, end * width));
  }
});

test('masks of tiles join at any bit', () => {
  const random = seededRandom(1);
  for (let round = 0; round < 50; round++) {
    const lengths = [1 + random.below(40), 1 + random.below(40), 1 + random.below(9)];
    const bits = lengths.map((length) => Array.from({ length }, () => random.below(2)));
    const total = lengths.reduce((a, b) => a + b, 0);
    const joined = new Uint8Array(Math.ceil(total / 8));
    let at = 0;
    for (const own of bits) {
      // Bits behind the tile's own must not leak.
      const packed = new Uint8Array(Math.ceil(own.length / 8)).fill(0xff);
      own.forEach((bit, i) => {
        if (bit === 0) packed[i >> 3] = (packed[i >> 3] as number) & ~(1 << (i & 7));
      });
      joinMask(packed, own.length, joined, at);
      at += own.length;
    }
    const wanted = bits.flat();
    expect(wanted.map((_, i) => ((joined[i >> 3] as number) >> (i & 7)) & 1)).toEqual(wanted);
  }
});
