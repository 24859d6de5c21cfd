/** 32-bit hashes for splitting and comparing rows; not for secrets. */

/** FNV-1a over `bytes`, then MurmurHash3's finalizer so that every bit depends on every byte. */
export function hashBytes(bytes: Uint8Array, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const utf8 = new TextEncoder();

export const hashText = (text: string, seed: number): number => hashBytes(utf8.encode(text), seed);
