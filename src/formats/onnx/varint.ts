/**
 * Calls `visit(low, high)` for each varint of `bytes`: the value modulo 2^64 as an unsigned low
 * and a signed high word.
 * @returns whether `bytes` is a whole number of varints of at most ten bytes
 */
export function forEachVarint(
  bytes: Uint8Array,
  visit: (low: number, high: number) => void,
  from = 0,
): boolean {
  for (let at = from; at < bytes.length; ) {
    let low = 0;
    let high = 0;
    let shift = 0;
    let byte = 0;
    do {
      if (at >= bytes.length || shift > 63) return false;
      byte = bytes[at++]!;
      const bits = byte & 127;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high |= bits >>> 4;
      else if (shift > 28) high |= bits << (shift - 32);
      shift += 7;
    } while (byte >= 128);
    visit(low >>> 0, high | 0);
  }
  return true;
}

/** How many varints end within `bytes`. */
export function countVarints(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 128) count++;
  return count;
}
