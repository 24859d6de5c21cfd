/** Width and height from the first bytes of an image, before anything is decoded. */

export interface ImageHeader {
  readonly type: 'PNG' | 'JPEG' | 'WebP';
  /** null: further on than the bytes given. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

/** null if the bytes are none of the three. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) {
    const known = bytes.length >= 24;
    const size = known ? { width: view.getUint32(16), height: view.getUint32(20) } : null;
    return { type: 'PNG', size };
  }
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return { type: 'JPEG', size: jpegSize(view) };
  const webp = startsWith(bytes, 0, ascii('RIFF')) && startsWith(bytes, 8, ascii('WEBP'));
  return webp ? { type: 'WebP', size: webpSize(bytes, view) } : null;
}

const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));

const startsWith = (bytes: Uint8Array, at: number, wanted: readonly number[]): boolean =>
  wanted.every((byte, index) => bytes[at + index] === byte);

/** The frame header's, behind any number of other segments; each has its length. */
function jpegSize(view: DataView): ImageHeader['size'] {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++; // padding
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(bytes: Uint8Array, view: DataView): ImageHeader['size'] {
  if (bytes.length < 30) return null;
  if (startsWith(bytes, 12, ascii('VP8X'))) {
    const at = (offset: number) =>
      view.getUint16(offset, true) + 65_536 * view.getUint8(offset + 2);
    return { width: at(24) + 1, height: at(27) + 1 };
  }
  if (startsWith(bytes, 12, ascii('VP8L'))) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const width = view.getUint16(26, true) & 0x3fff;
  return { width, height: view.getUint16(28, true) & 0x3fff };
}
