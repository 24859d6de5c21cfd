/**
 * Protobuf strings to JavaScript and back without loss. Bytes that are not UTF-8 become lone
 * surrogates U+DC80…U+DCFF (Python's "surrogateescape"), so that a name from a sloppy exporter
 * is written again with its own bytes.
 */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const ESCAPE = 0xdc00;
const ESCAPED = /[\udc80-\udcff]/;
const LONE_ESCAPES = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/** The inverse of `decodeText`. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (!ESCAPED.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  let from = 0;
  for (const match of text.matchAll(LONE_ESCAPES)) {
    bytes.push(...encoder.encode(text.slice(from, match.index)));
    bytes.push(match[0].charCodeAt(0) - ESCAPE);
    from = match.index + 1;
  }
  bytes.push(...encoder.encode(text.slice(from)));
  return Uint8Array.from(bytes);
}

/** Whether `decodeText` met bytes that are not UTF-8. */
export const hasEscapedBytes = (text: string): boolean =>
  ESCAPED.test(text) && text.search(LONE_ESCAPES) >= 0;

function decodeEscaping(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!);
    const piece = length > 0 ? tryDecode(bytes.subarray(at, at + length)) : null;
    pieces.push(piece ?? String.fromCharCode(ESCAPE + bytes[at]!));
    at += piece === null ? 1 : length;
  }
  return pieces.join('');
}

function tryDecode(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}
