/** Float32 by size in time that grows as their number does; −0 counts as 0. */

/** Of the digits of a key, from the lowest. */
const SHIFTS = [0, 8, 16, 24];
const MASK = 0xff;

/** - `values` — finite; −0 becomes 0 */
export function sortedAscending(values: Float32Array): Float32Array<ArrayBuffer> {
  let keys = keysOf(values);
  let other = new Uint32Array(keys.length);
  for (const shift of SHIFTS) {
    const places = placesOf(keys, shift);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const digit = (key >>> shift) & MASK;
      const to = places[digit]!;
      other[to] = key;
      places[digit] = to + 1;
    }
    [keys, other] = [other, keys];
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    keys[i] = key >= NEGATIVE ? key - NEGATIVE : ~key;
  }
  return new Float32Array(keys.buffer);
}

/** Where the values lie, the least first and equal ones in their order. - `values` — finite */
export function ascendingOrder(values: Float32Array): Uint32Array<ArrayBuffer> {
  // Keys move with their places: to look them up would jump through memory.
  let own = { keys: keysOf(values), order: new Uint32Array(values.length) };
  for (let i = 0; i < values.length; i++) own.order[i] = i;
  let other = { keys: new Uint32Array(values.length), order: new Uint32Array(values.length) };
  for (const shift of SHIFTS) {
    const { keys, order } = own;
    const { keys: toKeys, order: toOrder } = other;
    const places = placesOf(keys, shift);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const digit = (key >>> shift) & MASK;
      const to = places[digit]!;
      toKeys[to] = key;
      toOrder[to] = order[i]!;
      places[digit] = to + 1;
    }
    [own, other] = [other, own];
  }
  return own.order;
}

const NEGATIVE = 2 ** 31;

/** Unsigned integers in the order of the values. */
function keysOf(values: Float32Array): Uint32Array<ArrayBuffer> {
  const keys = new Uint32Array(values.length);
  new Float32Array(keys.buffer).set(values);
  for (let i = 0; i < keys.length; i++) {
    const bits = keys[i]!;
    keys[i] = bits > NEGATIVE ? ~bits : bits === NEGATIVE ? NEGATIVE : bits + NEGATIVE;
  }
  return keys;
}

/** Where the first key with each digit goes. */
function placesOf(keys: Uint32Array, shift: number): Uint32Array {
  const counts = new Uint32Array(MASK + 1);
  for (let i = 0; i < keys.length; i++) counts[(keys[i]! >>> shift) & MASK]! += 1;
  let before = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    counts[digit] = before;
    before += count;
  }
  return counts;
}
