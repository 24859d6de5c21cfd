/** How special tokens stand around texts, seen from examples encoded with and without them. */
import type { Tokens } from './token-inputs.ts';

/** - `plain`, `full` — one example without and with its special tokens; `types` of `full` */
export function frameOf(
  plain: readonly number[],
  full: readonly number[],
  types: readonly number[],
): (content: readonly number[], length: number) => Tokens {
  const start = find(full, plain, 0) ?? 0;
  const end = start + plain.length;
  const typeAt = (index: number) => types[index] ?? 0;
  const before = full.slice(0, start);
  const after = full.slice(end);
  return (content, length) => {
    const room = Math.max(0, length - before.length - after.length);
    const kept = content.slice(0, room);
    return {
      ids: [...before, ...kept, ...after],
      types: [
        ...before.map((_, index) => typeAt(index)),
        ...kept.map(() => typeAt(start)),
        ...after.map((_, index) => typeAt(end + index)),
      ],
    };
  };
}

/**
 * The same for a pair, from an example of twice the same text; null if the template leaves one out.
 * - `plain` — the text without special tokens; `pair` — the pair with them
 */
export function pairFrameOf(
  plain: readonly number[],
  pair: Tokens,
): ((first: readonly number[], second: readonly number[], length: number) => Tokens) | null {
  const { ids, types } = pair;
  const start = find(ids, plain, 0);
  const next = start === null ? null : find(ids, plain, start + plain.length);
  if (start === null || next === null || plain.length === 0) return null;
  const specials = ids.length - 2 * plain.length;
  const typeAt = (index: number) => types[index] ?? 0;
  const part = (from: number, to: number): Tokens => ({
    ids: ids.slice(from, to),
    types: Array.from({ length: to - from }, (_, index) => typeAt(from + index)),
  });
  const parts = [
    part(0, start),
    part(start + plain.length, next),
    part(next + plain.length, ids.length),
  ];
  return (first, second, length) => {
    const [room, pairRoom] = longestFirst(
      first.length,
      second.length,
      Math.max(0, length - specials),
    );
    const contents = [
      { ids: first.slice(0, room), types: new Array<number>(room).fill(typeAt(start)) },
      { ids: second.slice(0, pairRoom), types: new Array<number>(pairRoom).fill(typeAt(next)) },
    ];
    const joined = parts.flatMap((special, index) => [
      special,
      ...contents.slice(index, index + 1),
    ]);
    return {
      ids: joined.flatMap((one) => one.ids),
      types: joined.flatMap((one) => one.types),
    };
  };
}

/**
 * Tokens kept of two texts that have `room` together, as tokenizers' `LongestFirst` cuts them.
 * @see https://github.com/huggingface/tokenizers, `utils/truncation.rs`
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  let low = Math.min(first, second);
  let high = low > room ? low : Math.max(low, room - low);
  if (low + high > room) {
    low = Math.floor(room / 2);
    high = low + (room % 2);
  }
  return first > second ? [high, low] : [low, high];
}

function find(all: readonly number[], part: readonly number[], from: number): number | null {
  for (let at = from; at + part.length <= all.length; at++) {
    if (part.every((id, index) => all[at + index] === id)) return at;
  }
  return null;
}
