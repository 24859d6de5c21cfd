import { assert } from './assert.ts';

/** A seeded source of numbers: the same seed gives the same numbers everywhere. Not for secrets. */
export interface Random {
  /** An integer, uniform over [0, 2³²). */
  uint32(): number;
  /** Uniform over [0, 1) in steps of 2⁻⁵³. */
  uniform(): number;
  /** An integer, uniform over [0, `limit`); `limit` from 1 to 2³². */
  below(limit: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
}

const MASK = 0xffffffffffffffffn;

/** SplitMix64: spreads any seed, however poor, over the state of another generator. */
function* splitMix64(seed: bigint): Generator<bigint, never> {
  for (let state = seed & MASK; ; ) {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    yield z ^ (z >> 31n);
  }
}

/**
 * sfc32 (Doty-Humphrey's Small Fast Counter), seeded by SplitMix64.
 * - `seed` — an integer from 0 to 2⁵³ − 1
 * @see https://pracrand.sourceforge.net/RNG_engines.txt
 * @see https://doi.org/10.1145/2714064.2660195 (SplitMix)
 */
export function seededRandom(seed: number): Random {
  const seeds = splitMix64(BigInt(seed));
  const first = seeds.next().value;
  const second = seeds.next().value;
  let a = Number(first & 0xffffffffn) | 0;
  let b = Number(first >> 32n) | 0;
  let c = Number(second & 0xffffffffn) | 0;
  let counter = Number(second >> 32n) | 0;

  const uint32 = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  const uniform = () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  const below = (limit: number) => {
    assert(limit >= 1 && limit <= 2 ** 32, `a number below ${limit}`);
    const fair = 2 ** 32 - (2 ** 32 % limit); // above it some remainders would be likelier
    for (;;) {
      const value = uint32();
      if (value < fair) return value % limit;
    }
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uint32, uniform, below, normal };
}
