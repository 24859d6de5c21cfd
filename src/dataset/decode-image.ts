/** An image file → its pixels, by the browser's own decoders. */
import { StudioError } from '../core/studio-error.ts';
import type { NamedBlob } from './companions.ts';
import { readImageHeader } from './image-header.ts';
import type { Pixels } from './resize-image.ts';

export const IMAGE_BYTES = 64 * 2 ** 20;
/** Decoded they take four bytes each. */
const PIXEL_LIMIT = 40e6;

/**
 * RGBA as stored: no colour profile is applied, as in Python's image libraries.
 * @throws bad-dataset naming the file; too-large before decoding, by the size its header claims
 */
export async function decodeImage({ path, blob }: NamedBlob): Promise<Pixels> {
  const bad = (fact: string, cause?: unknown) =>
    new StudioError('bad-dataset', `${path} ${fact}`, { cause, detail: { file: path } });
  checkFile(path, blob);
  const header = readImageHeader(new Uint8Array(await blob.arrayBuffer()));
  if (!header?.size) throw bad('is no PNG, JPEG or WebP image, or says no size. Save it again.');
  checkPixels(path, header.size);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
  } catch (cause) {
    throw bad('cannot be decoded: it is damaged. Save it again.', cause);
  }
  try {
    const { width, height } = bitmap;
    checkPixels(path, bitmap);
    const context = new OffscreenCanvas(width, height).getContext('2d', {
      willReadFrequently: true,
    });
    if (!context) throw bad('cannot be decoded: this browser gives no canvas to a worker.');
    context.drawImage(bitmap, 0, 0);
    return { width, height, channels: 4, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}

export function checkFile(path: string, blob: Blob): void {
  if (blob.size <= IMAGE_BYTES) return;
  throw tooLarge(path, `has ${blob.size} B; images of at most 64 MiB are read`);
}

export function checkPixels(path: string, size: { width: number; height: number }): void {
  const { width, height } = size;
  if (width > 0 && height > 0 && width * height <= PIXEL_LIMIT) return;
  throw tooLarge(path, `is ${width} × ${height} pixels; at most 40 million are decoded`);
}

const tooLarge = (path: string, fact: string) =>
  new StudioError('too-large', `${path} ${fact}. Make it smaller.`, { detail: { file: path } });
