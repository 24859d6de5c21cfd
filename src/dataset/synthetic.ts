/**
 * Inputs made up from the graph's input types where no data was dropped: seeded, token ids within
 * the vocabulary, masks of ones, token types of zeros, no past. They serve fidelity and latency.
 */

import { type Random, seededRandom } from '../core/random.ts';
import { elementCount } from '../core/shape.ts';
import type { Graph, ValueInfo } from '../model/model.ts';
import { integers } from './convert.ts';
import { dimsOf, type FreeSizes, hasSequence, shapeOf } from './free-sizes.ts';
import type { Feeds, FeedTensor, Rows } from './rows.ts';
import { tableRows } from './vocabulary.ts';

export const SYNTHETIC_ROWS = 32;

const SAMPLE_RATE = 16_000;
const ELEMENT_LIMIT = 2 ** 26;
/** Ids where nothing says how many there are. */
const UNKNOWN_IDS = 100;

export interface SyntheticInputs {
  /** Row `index` with `length` steps along free sequence dimensions; as `sizes` said if absent. */
  feeds(index: number, length?: number): Feeds;
  /** Some input has a free sequence dimension. */
  readonly sequences: boolean;
  /** Shape of a row: "1 × 3 × 224 × 224", "input 1 × 512, state 2 × 1 × 128". */
  readonly shape: string;
}

/** Inputs for `graph` with `sizes` along free dimensions, or why none can be made. */
export function syntheticInputs(
  graph: Graph,
  seed: number,
  sizes: FreeSizes,
): SyntheticInputs | string {
  const limits = new Map<string, number | null>();
  let elements = 0;
  for (const input of graph.inputs) {
    const { name, dtype, dims } = input;
    if (dtype === null || dims === null) return `the type of the input ${name} is not stated`;
    if (fillerOf(input, null) === null) return `the input ${name} is of type ${dtype}`;
    elements += elementCount(dimsOf(input, sizes));
    if (elements > ELEMENT_LIMIT) {
      return `with the input ${name}, ${dims.join(' × ')}, a row has over ${ELEMENT_LIMIT} elements`;
    }
    const rows = tableRows(graph, name);
    if (rows === 0) return `the table that the input ${name} indexes has no rows`;
    limits.set(name, rows);
  }
  return {
    sequences: graph.inputs.some(hasSequence),
    shape: shapeOf(graph.inputs, sizes),
    feeds: (index, length = sizes.length) => {
      const random = seededRandom(seed * 2 ** 20 + index);
      const feeds = new Map<string, FeedTensor>();
      for (const input of graph.inputs) {
        const { name, dtype } = input;
        const filler = fillerOf(input, limits.get(name) ?? null);
        if (dtype === null || !filler) continue; // refused above
        const dims = dimsOf(input, { ...sizes, length });
        const data = filler(random, elementCount(dims), dims.at(-1) ?? 1);
        feeds.set(name, { dtype, dims, data });
      }
      return Object.fromEntries(feeds);
    },
  };
}

/** Rows `from` … `from + count` of made-up inputs. */
export const syntheticRows = (inputs: SyntheticInputs, from: number, count: number): Rows => ({
  count,
  feeds: (index) => inputs.feeds(from + index),
  label: () => null,
  tokens: () => null,
  text: () => null,
});

type Filler = (random: Random, count: number, rowLength: number) => FeedTensor['data'];

const FLOATS = ['float32', 'float64', 'float16'];
const INTEGERS = ['int64', 'int32', 'int16', 'int8', 'uint8', 'uint16', 'uint32', 'uint64'];
const ONE_FLOAT16 = 0x3c00;

function fillerOf({ name, dtype }: ValueInfo, tableRows: number | null): Filler | null {
  if (dtype === null) return null;
  const mask = /mask/i.test(name);
  if (dtype === 'bool') {
    // Merged decoders take their cache branch by a flag; there is no cache.
    return (_, count) => new Uint8Array(count).fill(/cache/i.test(name) ? 0 : 1);
  }
  if (FLOATS.includes(dtype)) {
    const still = /past/i.test(name) ? 0 : mask ? 1 : null;
    return (random, count) => {
      if (dtype === 'float16') {
        const bits = () => float16Bits(random);
        return still === null
          ? Uint16Array.from({ length: count }, bits)
          : new Uint16Array(count).fill(still * ONE_FLOAT16);
      }
      const value = () => still ?? random.normal();
      return dtype === 'float64'
        ? Float64Array.from({ length: count }, value)
        : Float32Array.from({ length: count }, value);
    };
  }
  if (!INTEGERS.includes(dtype)) return null;
  const bits = dtype.endsWith('8') ? 7 : dtype.endsWith('16') ? 15 : 31; // signed or not
  const wordOf = (random: Random, index: number, rowLength: number): number => {
    if (mask) return 1;
    if (/type_id|segment|past/i.test(name)) return 0;
    if (/^(sr|sampl(e|ing)_?rate)$/i.test(name) && bits > 15) return SAMPLE_RATE;
    if (/position/i.test(name)) return (index % rowLength) % (tableRows ?? 2 ** 31);
    return random.below(Math.min(tableRows ?? UNKNOWN_IDS, 2 ** bits));
  };
  return (random, count, rowLength) =>
    integers(
      Array.from({ length: count }, (_, index) => wordOf(random, index, rowLength)),
      dtype,
    );
}

/** A value of [−2, −1] ∪ [1, 2] as float16 bits: random mantissa and sign, exponent 0. */
const float16Bits = (random: Random): number => {
  const word = random.uint32();
  return ((word & 1) << 15) | ONE_FLOAT16 | ((word >>> 1) & 0x3ff);
};
