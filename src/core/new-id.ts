/** A random UUID (version 4). Not `crypto.randomUUID`: pages that came by http do not have it. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte, index) => {
    if (index === 6) return ((byte & 0x0f) | 0x40).toString(16); // the version
    if (index === 8) return ((byte & 0x3f) | 0x80).toString(16); // the variant
    return byte.toString(16).padStart(2, '0');
  });
  const part = (start: number, end: number) => hex.slice(start, end).join('');
  return [part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join('-');
}
